import { becomeEverstorm } from './lib/everstorm.mjs';
import { prepare } from './lib/prepare.mjs';
import { main } from './lib/run.mjs';

/** `npm start`: the whole platform on this machine, from a clean clone. */
await main(async () => {
  await prepare({ log: console.log });
  return becomeEverstorm(['dev', ...process.argv.slice(2)]);
});
