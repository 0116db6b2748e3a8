import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { buildAll } from './lib/build.mjs';
import { runStaticChecks } from './lib/checks.mjs';
import { ensureDependencies } from './lib/deps.mjs';
import { ensureKafka } from './lib/kafka.mjs';
import { killLeftovers, RUN_MARK } from './lib/leftovers.mjs';
import { ROOT } from './lib/paths.mjs';
import { main, run, SetupError, tail } from './lib/run.mjs';
import { ensureTemporalCli } from './lib/temporal.mjs';
import { ensureTctl } from './lib/tctl.mjs';
import { ensureTemporalServer } from './lib/temporal-server.mjs';

/**
 * `npm test`: everything, from a clean clone. The last line is `N passed, N failed` (and `, N skipped`); exit code 1 when
 * anything failed, or when no test was found. Arguments go to jest (`npm test -- rule-service`).
 */
const log = console.log;
/** Up to three minutes of load, and what it takes to start a cluster and to let it settle. */
const CHAOS_MS = 720_000;
const totals = { passed: 0, failed: 0, skipped: 0 };

/** Counts as one test: passes unless it throws. */
async function step(name, body) {
  try {
    await body();
    totals.passed += 1;
    log(`✓ ${name}`);
    return true;
  } catch (error) {
    totals.failed += 1;
    log(`✗ ${name}\n    ${error instanceof SetupError ? error.message : error.stack}`);
    return false;
  }
}

function printSkipped(results) {
  for (const suite of results.testResults) {
    for (const test of suite.assertionResults) {
      if (test.status === 'pending' || test.status === 'todo') {
        log(`- skipped: ${relative(ROOT, suite.name)}: ${test.fullName}`);
      }
    }
  }
}

function readResults(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // jest died before it wrote them
  }
}

/** Runs jest with the run's mark in its environment; its own report goes to the terminal. */
async function runJest(mark) {
  const folder = mkdtempSync(join(tmpdir(), 'everstorm-jest-'));
  try {
    const outputFile = join(folder, 'results.json');
    const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
    const args = [jest, '--ci', '--json', `--outputFile=${outputFile}`, ...process.argv.slice(2)];
    const env = { ...process.env, [RUN_MARK]: mark };
    // With --json jest reports on stderr; its stdout would repeat the results.
    const { code } = await run(process.execPath, args, { cwd: ROOT, env, stdio: 'stderr', timeoutMs: 3_600_000 });
    return { code, results: readResults(outputFile) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function countJest({ code, results }) {
  if (!results || results.numTotalTests === 0) {
    log(`✗ jest ran no test (exit ${code})`);
    totals.failed += 1;
    return;
  }
  totals.passed += results.numPassedTests;
  totals.skipped += results.numPendingTests + results.numTodoTests;
  // A file that can't even be loaded has no tests, but has failed.
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  totals.failed += failed;
  if (code !== 0 && failed === 0) {
    log(`✗ jest ended with exit ${code} although no test failed`);
    totals.failed += 1;
  }
  printSkipped(results);
}

/** A short `npm run chaos`; its progress goes to stderr, its last line is shown. Throws when its verdict is bad. */
async function chaos(mark, minutes, ...words) {
  const script = join(ROOT, 'scripts/chaos.mjs');
  const args = [script, '--minutes', String(minutes), ...words];
  const env = { ...process.env, [RUN_MARK]: mark };
  const { code, output } = await run(process.execPath, args, { cwd: ROOT, env, timeoutMs: CHAOS_MS });
  if (code !== 0) throw new SetupError(tail(output, 200));
  log(tail(output, 1));
}

await main(async () => {
  const started = Date.now();
  if (await step('dependencies', () => ensureDependencies({ log }))) {
    if (!process.env.EVERSTORM_TEST_TEMPORAL) await step('Temporal CLI', () => ensureTemporalCli({ log }));
    if (!process.env.EVERSTORM_TEST_KAFKA) await step('Apache Kafka', () => ensureKafka({ log }));
    await step('Temporal server', () => ensureTemporalServer({ log }));
    await step('tctl', () => ensureTctl({ log }));
    await step('build', () => buildAll({ log }));
    const checks = await runStaticChecks();
    totals.passed += checks.passed;
    totals.failed += checks.failed;

    const mark = randomUUID();
    countJest(await runJest(mark));
    if (process.argv.length === 2) {
      await step('chaos: 60 s of kills, stops and restarts', () => chaos(mark, 1));
      await step('rolling restart of every role under load', () => chaos(mark, 3, '--only', 'restarts'));
    }
    await step('no process of the tests is left', async () => {
      const left = (await killLeftovers(mark)) ?? [];
      if (left.length > 0) throw new SetupError(left.map(({ pid, command }) => `${pid} ${command}`).join('\n    '));
    });
  }
  log(`${Math.round((Date.now() - started) / 1000)} s`);
  log(`${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''}`);
  return totals.failed > 0 ? 1 : 0;
});
