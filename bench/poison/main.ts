import { parseArgs } from 'node:util';
import { medianRatio, median, percentile, rotated, rounded } from '../lib/statistics';
import { openWorkshop } from '../lib/workshop';
import { purePath } from './pure';
import { openStream } from './stream';
import { POISON } from './workload';
import type { Poison } from './workload';

const SIDES = ['clean', 'poisoned'] as const;
type Side = (typeof SIDES)[number];
type Samples = Record<Side, number[][]>;

interface Options {
  rounds: number;
  /** Good events of a segment, and a second. */
  events: number;
  rate: number;
  /** One poisonous record after so many good ones. */
  every: number;
  /** Milliseconds of a segment of the pure path. */
  segment: number;
  pure: boolean;
  kinds: readonly Poison[];
}

/**
 * `npm run bench -- poison [--rounds N] [--events N] [--rate N] [--every N] [--segment MS] [--kinds K,K] [--pure] [--json]`: what a regex bomb, an oversize
 * payload, a template nested 30 deep and other poison in the stream cost the events beside them. Segments with and without poison take turns; a
 * ratio is the poisoned side's over the clean one's, the median of the rounds' ratios. `--pure` leaves Kafka out.
 */
export async function main(args: string[]): Promise<number> {
  const options = optionsOf(args);
  const say = (line: string): void => console.error(line);
  const { costOf, segment } = purePath();
  for (const side of SIDES) segment(options.segment, side === 'clean' ? 0 : options.every);
  const pure = await rounds(options.rounds, (side) =>
    Promise.resolve(segment(options.segment, side === 'clean' ? 0 : options.every)),
  );
  say(`pure path: ${lineOf(pure)}`);
  const stream = options.pure ? null : await throughKafka(options, say);
  const result = {
    ...(stream ? ratios(stream, '') : {}),
    ...ratios(pure, stream ? '_pure' : ''),
    ...(stream
      ? {
          clean_p99_ms: rounded(median(stream.clean.map((samples) => percentile(samples, 0.99)))),
          poisoned_p99_ms: rounded(median(stream.poisoned.map((samples) => percentile(samples, 0.99)))),
        }
      : {}),
    bomb_ms: rounded(costOf('bomb')),
    template_ms: rounded(costOf('template')),
    good_events_per_poison: options.every,
    events_per_s: options.rate,
    samples: (stream ?? pure).poisoned.flat().length,
    rounds: options.rounds,
  };
  console.log(JSON.stringify(result));
  return 0;
}

function optionsOf(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '9' },
      events: { type: 'string', default: '1000' },
      rate: { type: 'string', default: '200' },
      every: { type: 'string', default: '100' },
      segment: { type: 'string', default: '300' },
      kinds: { type: 'string', default: POISON.join(',') },
      pure: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const number = (name: 'rounds' | 'events' | 'rate' | 'every' | 'segment'): number => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 1)
      throw new Error(`--${name}: expected a whole number above 0, got "${values[name]}"`);
    return value;
  };
  return {
    ...{ rounds: number('rounds'), events: number('events'), rate: number('rate'), every: number('every') },
    ...{ segment: number('segment'), pure: values.pure, kinds: kindsIn(values.kinds) },
  };
}

function kindsIn(text: string): Poison[] {
  return text.split(',').map((name) => {
    const kind = POISON.find((known) => known === name);
    if (kind) return kind;
    throw new Error(`--kinds: expected some of ${POISON.join(', ')}, got "${name}"`);
  });
}

async function rounds(count: number, segment: (side: Side, round: number) => Promise<number[]>): Promise<Samples> {
  const samples: Samples = { clean: [], poisoned: [] };
  for (let round = 0; round < count; round += 1) {
    for (const side of rotated(SIDES, round)) samples[side].push(await segment(side, round));
  }
  return samples;
}

async function throughKafka(options: Options, say: (line: string) => void): Promise<Samples> {
  const workshop = await openWorkshop();
  try {
    const stream = await openStream(await workshop.startServers());
    say('Kafka, Postgres and the rule service run');
    const { events: count, rate, every, kinds } = options;
    const poison = { count: Math.floor(count / every), rate: rate / every, kinds };
    const segment = (side: Side, name: string): Promise<number[]> =>
      stream.segment({ name, count, rate }, side === 'clean' ? null : poison);
    for (const side of SIDES) await segment(side, `warm-${side}`);
    const samples = await rounds(options.rounds, async (side, round) => {
      const times = await segment(side, `${side}-${round}`);
      say(
        `round ${round + 1} ${side}: p50 ${percentile(times, 0.5).toFixed(1)} ms, p99 ${percentile(times, 0.99).toFixed(1)} ms`,
      );
      return times;
    });
    await stream.close();
    return samples;
  } finally {
    await workshop.close();
  }
}

const each = (samples: Samples, side: Side, share: number): number[] =>
  samples[side].map((times) => percentile(times, share));

const ratios = (samples: Samples, suffix: string): Record<string, number> => ({
  [`p99_ratio${suffix}`]: rounded(medianRatio(each(samples, 'poisoned', 0.99), each(samples, 'clean', 0.99))),
  [`p50_ratio${suffix}`]: rounded(medianRatio(each(samples, 'poisoned', 0.5), each(samples, 'clean', 0.5))),
});

const lineOf = (samples: Samples): string =>
  SIDES.map((side) => `${side} p99 ${(median(each(samples, side, 0.99)) * 1_000).toFixed(1)} µs`).join(', ');
