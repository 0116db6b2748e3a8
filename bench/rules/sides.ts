import { performance } from 'node:perf_hooks';
import { Engine } from 'json-rules-engine';
import { evaluate } from '../../src/rules/evaluate';
import { compileRule } from '../../src/rules/compile';
import { indexRules } from '../../src/rules/index-by-trigger';
import type { RuleIndex } from '../../src/rules/index-by-trigger';
import type { Criterion, Rule } from '../../src/model/rule';
import type { Event } from './workload';

const NOW = { now: Date.UTC(2026, 0, 1) };

/** Milliseconds of processor time that this process used so far: unlike a clock they do not count what other programs on the machine use. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Events a second of a core, for as long (by the clock) as asked; goes through the events again and again. */
function rate(events: readonly Event[], milliseconds: number, judge: (event: Event) => number): number {
  const [started, used] = [performance.now(), processorMs()];
  let done = 0;
  for (;;) {
    for (const event of events) {
      judge(event);
      done += 1;
      if (done % 16 !== 0) continue;
      if (performance.now() - started >= milliseconds) return (done / (processorMs() - used)) * 1000;
    }
  }
}

/** Our engine as the rule service uses it: candidates by index, then their verdicts. */
export function ourRate(index: RuleIndex, events: readonly Event[], milliseconds: number): number {
  return rate(events, milliseconds, (event) => evaluate(event, index.candidates(event), NOW).length);
}

/** Every rule asked about every event. */
export function linearRate(rules: readonly Rule[], events: readonly Event[], milliseconds: number): number {
  const compiled = rules.map(compileRule);
  return rate(events, milliseconds, (event) => evaluate(event, compiled, NOW).length);
}

const OPERATORS: Readonly<Record<string, string>> = {
  eq: 'equal',
  equals: 'equal',
  neq: 'notEqual',
  gt: 'greaterThan',
  inside: 'in',
  contains: 'contains',
};

/** The same rules for json-rules-engine, with operators of its own where it has them. */
export function otherEngine(rules: readonly Rule[]): Engine {
  const engine = new Engine([], { allowUndefinedFacts: true });
  engine.addOperator(
    'startswith',
    (fact: unknown, value: string) => typeof fact === 'string' && fact.startsWith(value),
  );
  engine.addOperator(
    'regex',
    (fact: unknown, value: string) => typeof fact === 'string' && new RegExp(value).test(fact),
  );
  for (const { ref, criteria } of rules) {
    const all = Object.entries(criteria as Record<string, Criterion>).map(([key, { type, pattern }]) => ({
      fact: 'body',
      path: `$.${key.slice('trigger.body.'.length)}`,
      operator: OPERATORS[type] ?? type,
      value: pattern,
    }));
    engine.addRule({ conditions: { all }, event: { type: ref } });
  }
  return engine;
}

export async function otherRate(engine: Engine, events: readonly Event[], milliseconds: number): Promise<number> {
  const [started, used] = [performance.now(), processorMs()];
  for (let done = 0; ; done += 1) {
    const event = events[done % events.length] as Event;
    await engine.run({ body: event.payload['body'] });
    if (performance.now() - started >= milliseconds) return ((done + 1) / (processorMs() - used)) * 1000;
  }
}

/** Bytes that an index holds for each rule, the rules themselves included. */
export function bytesPerRule(count: number, rulesOf: () => Rule[], collect: () => void): number {
  collect();
  const before = process.memoryUsage().heapUsed;
  const index = indexRules(rulesOf());
  collect();
  const bytes = (process.memoryUsage().heapUsed - before) / count;
  if (index.size !== count) throw new Error('rules are missing from the index');
  return bytes;
}
