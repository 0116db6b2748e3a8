import { buildAll } from './lib/build.mjs';
import { ensureDependencies } from './lib/deps.mjs';
import { main } from './lib/run.mjs';

/** `npm run build` */
await main(async () => {
  await ensureDependencies({ log: console.log });
  await buildAll({ log: console.log });
});
