import { buildAll } from './lib/build.mjs';
import { ensureDependencies } from './lib/deps.mjs';
import { ROOT } from './lib/paths.mjs';
import { main, run } from './lib/run.mjs';

/** What takes too long for `npm test`: each a command of its own, which judges itself by its exit code. */
const JOBS = [
  { name: 'chaos, 20 minutes', args: ['scripts/chaos.mjs', '--minutes', '20', '--events', '12000'], minutes: 40 },
  {
    name: 'rolling restarts, 5 minutes',
    args: ['scripts/chaos.mjs', '--minutes', '5', '--events', '6000', '--only', 'restarts'],
    minutes: 20,
  },
  {
    name: 'chaos without stops, 10 minutes at twice the load',
    args: ['scripts/chaos.mjs', '--minutes', '10', '--events', '12000', '--only', 'kills,points'],
    minutes: 30,
  },
  {
    name: '100,000 random expressions, none above 100 ms',
    args: [
      'node_modules/jest/bin/jest.js',
      '--selectProjects',
      'unit',
      '--runInBand',
      'test/unit/expressions/(random|hostile)',
    ],
    env: { FUZZ_COUNT: '100000', FUZZ_LIMIT_MS: '100', FUZZ_SEED: String(Math.floor(Date.now() / 86_400_000)) },
    minutes: 10,
  },
  {
    name: 'rule service killed 20 times under 5,000 events',
    args: [
      'node_modules/jest/bin/jest.js',
      '--selectProjects',
      'integration',
      '--runInBand',
      'test/integration/cluster/rules-killed-often',
    ],
    env: { MEMORY_EVENTS: '5000', MEMORY_KILLS: '20' },
    minutes: 20,
  },
  {
    name: 'tests that take too long for each commit',
    args: ['node_modules/jest/bin/jest.js', '--selectProjects', 'nightly', '--runInBand'],
    env: { EVERSTORM_NIGHTLY: '1' },
    minutes: 15,
  },
  { name: '1,000 heartbeats a second of 10,000 hosts', args: ['bench/run.mjs', 'heartbeats', '--json'], minutes: 15 },
  { name: 'overhead benchmark', args: ['bench/run.mjs', 'overhead', '--json'], minutes: 30 },
];

/** `npm run nightly`: all of them, one after the other; exit code 1 when one failed. */
await main(async () => {
  await ensureDependencies({ log: console.log });
  await buildAll({ log: console.log });
  let failed = 0;
  for (const { name, args, minutes, env = {} } of JOBS) {
    console.log(`── ${name}`);
    const { code } = await run(process.execPath, args, {
      cwd: ROOT,
      stdio: 'inherit',
      timeoutMs: minutes * 60_000,
      env: { ...process.env, ...env },
    });
    console.log(`${code === 0 ? '✓' : '✗'} ${name}`);
    if (code !== 0) failed += 1;
  }
  console.log(`${JOBS.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});
