import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import worker from '@temporalio/worker';
import { ROOT } from './paths.mjs';

/** `node bundle-workflows.mjs OUT`: writes the bundle of workflows/index.ts that Temporal's workers load. */
const [out] = process.argv.slice(2);

const { code } = await worker.bundleWorkflowCode({
  workflowsPath: join(ROOT, 'workflows/index.ts'),
  // Runs in the sandbox: workers decode failures with it, so without it their messages would stay sealed.
  failureConverterPath: join(ROOT, 'src/adapters/temporal/failure-converter.ts'),
  logger: new worker.DefaultLogger('WARN', (entry) => console.error(entry.message)),
});
writeFileSync(`${out}.tmp`, code);
renameSync(`${out}.tmp`, out);
