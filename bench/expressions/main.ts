import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { medianRatio, median, rotated, rounded } from '../lib/statistics';
import { startPython } from './python-peer';
import type { PythonPeer } from './python-peer';
import { sides } from './sides';
import type { Side } from './sides';

const KINDS = ['compiled', 'first'] as const;
type Kind = (typeof KINDS)[number];
const ENGINES = ['ours', 'nunjucks', 'jinja2', 'ours-yaql', 'yaql'] as const;
type Engine = (typeof ENGINES)[number];
/** Rates by engine and kind, one for each round. */
type Rates = Map<string, number[]>;

interface Options {
  rounds: number;
  segmentMs: number;
  json: boolean;
}

/**
 * `npm run bench -- expressions [--rounds N] [--segment MS] [--json]`: a rule's mapping by our Jinja, nunjucks and Python's Jinja2, and
 * workflow expressions by our YAQL and Python's, interleaved. Rates are goes through all cases in a second; ratios are ours over theirs.
 */
export async function main(args: string[]): Promise<number> {
  const options = optionsOf(args);
  const say = (line: string): void => console.error(line);
  const python = await startPython(say);
  try {
    const rates = await measure(options, python, say);
    const result = resultOf(rates);
    if (!options.json) for (const line of linesOf(rates)) console.log(line);
    console.log(JSON.stringify(result));
  } finally {
    python.close();
  }
  return 0;
}

function optionsOf(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '12' },
      segment: { type: 'string', default: '150' },
      json: { type: 'boolean', default: false },
    },
  });
  const number = (name: 'rounds' | 'segment'): number => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 1)
      throw new Error(`--${name} takes a whole number above 0, got ${values[name]}`);
    return value;
  };
  return { rounds: number('rounds'), segmentMs: number('segment'), json: values.json };
}

async function measure(
  { rounds, segmentMs }: Options,
  python: PythonPeer,
  say: (line: string) => void,
): Promise<Rates> {
  const own = sides();
  const rateOf = (engine: Engine, kind: Kind): Promise<number> | number =>
    engine === 'jinja2' || engine === 'yaql'
      ? python.rate(engine, kind, segmentMs)
      : ownRate(own[engine], kind, segmentMs);
  for (const engine of ENGINES) for (const kind of KINDS) await rateOf(engine, kind);
  const rates: Rates = new Map();
  for (let round = 0; round < rounds; round += 1) {
    for (const engine of rotated(ENGINES, round)) {
      for (const kind of KINDS) {
        const key = `${engine} ${kind}`;
        rates.set(key, [...(rates.get(key) ?? []), await rateOf(engine, kind)]);
      }
    }
    say(`round ${round + 1} of ${rounds}`);
  }
  return rates;
}

function ownRate(side: Side, kind: Kind, segmentMs: number): number {
  const started = performance.now();
  for (let goes = 1; ; goes += 1) {
    side[kind]();
    const passed = performance.now() - started;
    if (passed >= segmentMs) return (goes / passed) * 1000;
  }
}

const of = (rates: Rates, engine: Engine, kind: Kind): number[] => rates.get(`${engine} ${kind}`) ?? [];

function resultOf(rates: Rates): Record<string, number> {
  const ratio = (ours: Engine, theirs: Engine, kind: Kind): number =>
    rounded(medianRatio(of(rates, ours, kind), of(rates, theirs, kind)));
  const rate = (engine: Engine, kind: Kind): number => Math.round(median(of(rates, engine, kind)));
  return {
    compiled_ratio: ratio('ours', 'nunjucks', 'compiled'),
    first_ratio: ratio('ours', 'nunjucks', 'first'),
    jinja2_compiled_ratio: ratio('ours', 'jinja2', 'compiled'),
    jinja2_first_ratio: ratio('ours', 'jinja2', 'first'),
    yaql_compiled_ratio: ratio('ours-yaql', 'yaql', 'compiled'),
    yaql_first_ratio: ratio('ours-yaql', 'yaql', 'first'),
    compiled_per_second: rate('ours', 'compiled'),
    first_per_second: rate('ours', 'first'),
    yaql_compiled_per_second: rate('ours-yaql', 'compiled'),
    rounds: of(rates, 'ours', 'compiled').length,
  };
}

const linesOf = (rates: Rates): string[] =>
  [...rates].map(([name, values]) => `${name.padEnd(22)} ${Math.round(median(values))}/s`);
