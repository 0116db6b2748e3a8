import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildAll } from './lib/build.mjs';
import { FORCES, runChaos } from './lib/chaos/run.mjs';
import { ensureDependencies } from './lib/deps.mjs';
import { main, SetupError } from './lib/run.mjs';

const USAGE = `npm run chaos -- [options]: load on separate processes, which are killed, stopped and restarted all the while; then the verdict
  --minutes M   of load and violence (5)
  --events N    published in that time (600 a minute)
  --only LIST   of ${FORCES.join(', ')} (all); restarts alone: every role one after the other, again and again
  --home DIR    the cluster's (a temporary one, kept when the verdict is bad)
  --json        only the last line on standard output`;

function parse() {
  const text = { type: 'string' };
  const options = { minutes: text, events: text, only: text, home: text, json: { type: 'boolean', default: false } };
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new SetupError(`${error.message}\n${USAGE}`);
  }
}

function positive(name, value) {
  const number = Number(value);
  if (!(number > 0)) throw new SetupError(`--${name} ${value}: expected a number above 0.\n${USAGE}`);
  return number;
}

/** `npm run chaos`: the last line is the summary as JSON (docs/chaos.md); exit code 1 when the verdict is bad. */
await main(async () => {
  const { json, ...values } = parse();
  const minutes = positive('minutes', values.minutes ?? 5);
  const events = Math.round(positive('events', values.events ?? minutes * 600));
  const only = values.only?.split(',') ?? FORCES;
  const unknown = only.find((force) => !FORCES.includes(force));
  if (unknown !== undefined) throw new SetupError(`--only ${unknown}: expected some of ${FORCES.join(', ')}.`);
  const home = values.home ? resolve(values.home) : mkdtempSync(join(tmpdir(), 'everstorm-chaos-'));
  const started = Date.now();
  const log = (line) => (json ? console.error : console.log)(`${((Date.now() - started) / 1000).toFixed(1)} ${line}`);
  await ensureDependencies({ log });
  await buildAll({ log });
  const { summary, verdict, clean } = await runChaos({ home, minutes, events, only, log });
  for (const [what, cases] of Object.entries(verdict)) {
    for (const line of cases.slice(0, 50)) log(`${what}: ${line}`);
  }
  if (clean && !values.home) rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  else log(`everything of this run lies in ${home}`);
  console.log(JSON.stringify(summary));
  return clean ? 0 : 1;
});
