import { renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import worker from '@temporalio/worker';
import { ROOT } from './paths.mjs';

/** `node bundle-workflows.mjs OUT [ENTRY]`: writes the bundle of ENTRY (workflows/index.ts) that Temporal's workers load. */
const [out, entry = join(ROOT, 'workflows/index.ts')] = process.argv.slice(2);

const { code } = await worker.bundleWorkflowCode({
  workflowsPath: resolve(entry),
  // Runs in the sandbox: workers decode failures with it, so without it their messages would stay sealed.
  failureConverterPath: join(ROOT, 'src/adapters/temporal/failure-converter.ts'),
  // Loaded once for all executions of a worker instead of once for each: modules here keep nothing of an execution (docs/architecture.md).
  preloadModules: [resolve(entry)],
  logger: new worker.DefaultLogger('WARN', ({ message }) => console.error(message)),
  // Names of modules are relative to it, so the build id (src/adapters/temporal/build-id.ts) is the same wherever the project lies.
  webpackConfigHook: (config) => ({ ...config, context: ROOT }),
});
writeFileSync(`${out}.tmp`, code);
renameSync(`${out}.tmp`, out);
