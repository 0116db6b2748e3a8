import { join } from 'node:path';
import { check, report, runStaticChecks } from './lib/checks.mjs';
import { ensureDependencies } from './lib/deps.mjs';
import { ROOT } from './lib/paths.mjs';
import { main } from './lib/run.mjs';

/** `npm run verify`: what must hold before a commit: format, lint, types, dead code, unit tests. No servers needed. */
await main(async () => {
  await ensureDependencies({ log: console.log });
  const { passed, failed } = await runStaticChecks();
  const jest = join(ROOT, 'node_modules/.bin/jest');
  const unit = await check({ name: 'unit tests', command: jest, args: ['--selectProjects', 'unit', '--silent'] });
  report(unit);
  console.log(`${passed + Number(unit.ok)} checks passed, ${failed + Number(!unit.ok)} failed`);
  return failed > 0 || !unit.ok ? 1 : 0;
});
