import { buildAll } from './lib/build.mjs';
import { main } from './lib/run.mjs';

/** `npm run build` */
await main(() => buildAll({ log: console.log }));
