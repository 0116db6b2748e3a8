import { becomeEverstorm } from './lib/everstorm.mjs';
import { prepare } from './lib/prepare.mjs';
import { main } from './lib/run.mjs';

/** `npm run demo`: the demo's events on real parts. Preparation speaks on stderr, so that stdout stays clean for --json. */
await main(async () => {
  await prepare({ log: console.error });
  return becomeEverstorm(['demo', ...process.argv.slice(2)]);
});
