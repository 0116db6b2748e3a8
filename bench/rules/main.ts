import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { indexRules } from '../../src/rules/index-by-trigger';
import { median, medianRatio, rotated, rounded } from '../lib/statistics';
import { measureConsumer } from './consumer';
import { measureEdits } from './edits';
import { bytesPerRule, linearRate, otherEngine, otherRate, ourRate } from './sides';
import { eventsOf, rulesOf } from './workload';
import type { Mix } from './workload';

const SIZES = [10, 100, 1_000, 10_000, 100_000];
const EVENTS = 2_000;
const EDITS = 2_000;
/** The size at which we stand beside others. */
const BESIDE = 1_000;

/**
 * `npm run bench -- rules [--rounds N] [--segment MS] [--events N] [--only index|edits|consumer] [--json]`: events a second and core, parsed already,
 * through index and verdicts, by number of rules; beside json-rules-engine and a scan of all rules on the same 1,000 mixed rules and events; what
 * an edited rule costs; and events a second from Kafka through the rule service beside a bare consumer of the same topic.
 */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '5' },
      segment: { type: 'string', default: '300' },
      events: { type: 'string', default: '100000' },
      only: { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
    },
  });
  const [rounds, segment] = [Number(values.rounds), Number(values.segment)];
  const say = (line: string): void => console.error(line);
  const consumer = (): Promise<object> => measureConsumer({ rounds, events: Number(values.events), say });
  if (values.only === 'consumer' || values.only === 'edits') {
    console.log(JSON.stringify(values.only === 'edits' ? measureEdits(EDITS) : await consumer()));
    return 0;
  }
  const equality = await bySize('equality', { rounds, segment, say });
  const mixed = await bySize('mixed', { rounds, segment, say });
  const beside = await besideOthers({ rounds, segment });
  const bytes = Math.round(bytesPerRule(100_000, () => rulesOf('mixed', 100_000), collector()));
  const result = {
    equality_events_per_s: equality.rates,
    mixed_events_per_s: mixed.rates,
    equality_10000_over_10: rounded(medianRatio(equality.samples(10_000), equality.samples(10))),
    ...beside,
    bytes_per_rule: bytes,
    ...measureEdits(EDITS),
    ...(values.only === '' && (await consumer())),
  };
  console.log(JSON.stringify(result));
  return 0;
}

interface Measuring {
  rounds: number;
  segment: number;
  say: (line: string) => void;
}

async function bySize(mix: Mix, { rounds, segment, say }: Measuring) {
  const setups = SIZES.map((size) => ({ size, index: indexRules(rulesOf(mix, size)), events: eventsOf(size, EVENTS) }));
  const samples = new Map<number, number[]>(SIZES.map((size) => [size, []]));
  for (const { index, events } of setups) ourRate(index, events, segment);
  for (let round = 0; round < rounds; round += 1) {
    for (const { size, index, events } of rotated(setups, round))
      samples.get(size)?.push(ourRate(index, events, segment));
    say(`${mix}: round ${round + 1} of ${rounds}`);
  }
  const of = (size: number): number[] => samples.get(size) ?? [];
  return { samples: of, rates: Object.fromEntries(SIZES.map((size) => [size, Math.round(median(of(size)))])) };
}

async function besideOthers({ rounds, segment }: Omit<Measuring, 'say'>) {
  const rules = rulesOf('mixed', BESIDE);
  const events = eventsOf(BESIDE, EVENTS);
  const [index, other] = [indexRules(rules), otherEngine(rules)];
  const [ours, theirs, linear]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(ourRate(index, events, segment));
    theirs.push(await otherRate(other, events, segment));
    linear.push(linearRate(rules, events, segment));
  }
  return {
    over_json_rules_engine_1000: rounded(medianRatio(ours, theirs)),
    over_linear_scan_1000: rounded(medianRatio(ours, linear)),
    json_rules_engine_per_s: Math.round(median(theirs)),
  };
}

/** Collects garbage now. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
