import type { Rule } from '../../../src/model/rule';
import { compileRule } from '../../../src/rules/compile';
import { evaluate } from '../../../src/rules/evaluate';
import type { Verdict } from '../../../src/rules/evaluate';
import { indexRules } from '../../../src/rules/index-by-trigger';
import type { RuleIndex } from '../../../src/rules/index-by-trigger';
import { CALM, generator, randomEvent, randomRule, WILD } from './random-rules';

test.each([
  ['wild', WILD, 1],
  ['calm', CALM, 0.9],
])('the index never hides a match or a failure of %s rules, and leaves some out', (_, pool, share) => {
  const pick = generator(20261123);
  const telling = (verdicts: Verdict[]): string[] =>
    verdicts
      .filter(({ kind }) => kind !== 'not-matched')
      .map(({ rule, kind, reason }) => `${rule.ref} ${kind} ${reason ?? ''}`);
  let told = 0;
  let [asked, all] = [0, 0];
  for (let round = 0; round < 50; round += 1) {
    const rules = Array.from({ length: 40 }, (_, n) => randomRule(pick, n, pool));
    const index = indexRules(rules);
    const compiled = rules.map(compileRule);
    for (let n = 0; n < 50; n += 1) {
      const event = randomEvent(pick, pool);
      const plain = telling(evaluate(event, compiled, { now: 0 }));
      const candidates = index.candidates(event);
      expect(telling(evaluate(event, candidates, { now: 0 }))).toEqual(plain);
      told += plain.length;
      asked += candidates.length;
      all += rules.filter(({ enabled, trigger }) => enabled && trigger.ref === event.trigger).length;
    }
  }
  expect(told).toBeGreaterThan(1000);
  expect(asked).toBeLessThan(share * all);
});

test('an index that was changed step by step gives the candidates of one made from scratch, and those before it stay as they were', () => {
  const pick = generator(20261128);
  const refsOf = (index: RuleIndex, event: ReturnType<typeof randomEvent>): string[] =>
    index.candidates(event).map(({ rule }) => rule.ref);
  for (let round = 0; round < 24; round += 1) {
    const pool = round % 2 === 0 ? CALM : WILD;
    const rules = new Map<string, Rule>();
    let index = indexRules([]);
    for (let step = 0; step < 40; step += 1) {
      const events = Array.from({ length: 4 }, () => randomEvent(pick, pool));
      const before = events.map((event) => refsOf(index, event));
      const previous = index;
      const put = Array.from({ length: pick([0, 1, 1, 1, 5, 30]) }, () =>
        randomRule(pick, pick([...Array(60).keys()]), pool),
      );
      const known = [...rules.keys(), 'p.unknown'];
      const removed = Array.from({ length: pick([0, 0, 1, 3]) }, () => pick(known));
      const switched = rules.get(pick(known));
      if (switched && !removed.includes(switched.ref)) put.push({ ...switched, enabled: !switched.enabled });
      for (const ref of removed) rules.delete(ref);
      for (const rule of put) rules.set(rule.ref, rule);
      index = previous.changed({ put, removed });
      const fresh = indexRules([...rules.values()]);
      expect(index.size).toBe(fresh.size);
      for (const [n, event] of events.entries()) {
        expect(refsOf(index, event)).toEqual(refsOf(fresh, event));
        expect(refsOf(previous, event)).toEqual(before[n]);
      }
    }
  }
});

const ruleOf = (n: number, criteria: Rule['criteria']): Rule =>
  ({
    ref: `p.r${n}`,
    enabled: true,
    type: { ref: 'standard', parameters: {} },
    trigger: { type: 't.a', ref: 't.a', parameters: {} },
    criteria,
  }) as unknown as Rule;

test.each<[string, (n: number) => Rule['criteria'], object, string[]]>([
  ['a value', (n) => ({ 'trigger.k': { type: 'equals', pattern: `v${n}` } }), { k: 'v7' }, ['p.r7']],
  ['a threshold', (n) => ({ 'trigger.k': { type: 'gt', pattern: n } }), { k: 2.5 }, ['p.r0', 'p.r1', 'p.r2']],
  ['a threshold from above', (n) => ({ 'trigger.k': { type: 'lt', pattern: n } }), { k: 998 }, ['p.r999']],
  [
    'one of several values',
    (n) => ({
      any: [
        { 'trigger.k': { type: 'eq', pattern: `v${n}` } },
        { all: [{ 'trigger.l': { type: 'startswith', pattern: `w${n}-` } }], 'trigger.m': { type: 'gt', pattern: 3 } },
      ],
    }),
    { k: 'v7', l: 'w9-x', m: 1 },
    ['p.r7', 'p.r9'],
  ],
])('of a thousand rules that %s tells apart few are candidates', (_, criteria, payload, expected) => {
  const rules = Array.from({ length: 1000 }, (_none, n) => ruleOf(n, criteria(n)));
  const found = indexRules(rules).candidates({ trigger: 't.a', payload: payload as Record<string, string> });
  expect(found.map(({ rule }) => rule.ref)).toEqual(expected);
});
