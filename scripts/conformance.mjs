import { join } from 'node:path';
import { ensureDependencies } from './lib/deps.mjs';
import { ROOT } from './lib/paths.mjs';
import { main } from './lib/run.mjs';

/** `npm run conformance -- <kind> <file or folder> [--context FILE] [--json]`: runs recorded cases against the code (test/conformance). */
await main(async () => {
  await ensureDependencies({ log: console.error });
  const { build } = await import('esbuild');
  const outfile = join(ROOT, 'dist/conformance/main.cjs');
  await build({
    entryPoints: [join(ROOT, 'test/conformance/main.ts')],
    bundle: true,
    platform: 'node',
    packages: 'external',
    outfile,
    logLevel: 'warning',
  });
  const { createRequire } = await import('node:module');
  createRequire(import.meta.url)(outfile);
  return process.exitCode ?? 0;
});
