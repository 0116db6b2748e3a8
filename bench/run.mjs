import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare } from '../scripts/lib/prepare.mjs';
import { ROOT } from '../scripts/lib/paths.mjs';
import { main, SetupError } from '../scripts/lib/run.mjs';

/**
 * `npm run bench -- <name> [options]`: builds and runs bench/<name>/main.ts, which exports `main(args): Promise<number>`, the exit code.
 * Preparation speaks on stderr, so that stdout stays clean for --json.
 */
await main(async () => {
  const [name = '', ...args] = process.argv.slice(2);
  if (!/^[a-z-]+$/.test(name) || !existsSync(join(ROOT, 'bench', name, 'main.ts'))) {
    throw new SetupError(`usage: npm run bench -- <name> [options]; there is no benchmark "${name}" (overhead, …)`);
  }
  await prepare({ log: console.error });
  const program = await import(pathToFileURL(join(ROOT, 'dist/bench', name, 'main.js')).href);
  return program.main(args);
});
