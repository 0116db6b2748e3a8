import { join } from 'node:path';
import { ROOT } from './paths.mjs';
import { run } from './run.mjs';

const bin = (name) => join(ROOT, 'node_modules/.bin', name);

/** The static checks of `npm run verify`; each counts as one test of `npm test`. */
const CHECKS = [
  { name: 'format', command: bin('prettier'), args: ['--check', '--log-level=warn', '.'], remedy: 'npm run format' },
  { name: 'lint', command: bin('eslint'), args: ['.', '--max-warnings=0'] },
  { name: 'types', command: bin('tsc'), args: ['--pretty', 'false', '-p', 'tsconfig.json'] },
  {
    name: 'types of workflows/ (without Node)',
    command: bin('tsc'),
    args: ['--pretty', 'false', '-p', 'workflows/tsconfig.json'],
  },
  { name: 'dead code', command: bin('knip'), args: ['--no-progress', '--no-config-hints'] },
];

/** Prints one line per finished check, and its output when it failed. */
export function report({ name, ok, seconds, output = '', remedy }) {
  console.log(`${ok ? '✓' : '✗'} ${name} (${seconds} s)`);
  if (ok) return;
  console.log(output.trimEnd().replace(/^/gm, '    '));
  if (remedy) console.log(`    remedy: ${remedy}`);
}

/** Runs one command as a check. */
export async function check({ name, command, args, remedy, timeoutMs = 600_000 }) {
  const started = Date.now();
  const { code, output } = await run(command, args, {
    cwd: ROOT,
    timeoutMs,
    env: { ...process.env, FORCE_COLOR: '0' },
  });
  return { name, ok: code === 0, seconds: Math.round((Date.now() - started) / 1000), output, remedy };
}

/**
 * Runs all static checks, two at a time (the machines of our users have two cores), prints each as it ends.
 * @returns {Promise<{passed: number, failed: number}>}
 */
export async function runStaticChecks() {
  const waiting = [...CHECKS];
  const counts = { passed: 0, failed: 0 };
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const result = await check(next);
      report(result);
      counts[result.ok ? 'passed' : 'failed'] += 1;
    }
  };
  await Promise.all([lane(), lane()]);
  return counts;
}
