import { renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';

/** `node bundle-workflows.mjs OUT`: writes the bundle of workflows/index.ts that Temporal's workers load. */
const [out] = process.argv.slice(2);
const { bundleWorkflowCode, DefaultLogger } = createRequire(import.meta.url)('@temporalio/worker');

const { code } = await bundleWorkflowCode({
  workflowsPath: join(ROOT, 'workflows/index.ts'),
  logger: new DefaultLogger('WARN', (entry) => console.error(entry.message)),
});
writeFileSync(`${out}.tmp`, code);
renameSync(`${out}.tmp`, out);
