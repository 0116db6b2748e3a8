import type { JsonObject, JsonValue } from '../../../src/model/json';
import type { Rule } from '../../../src/model/rule';
import { compileRule } from '../../../src/rules/compile';
import { evaluate } from '../../../src/rules/evaluate';
import type { Verdict } from '../../../src/rules/evaluate';
import { indexRules } from '../../../src/rules/index-by-trigger';

/** Small seeded generator (mulberry32), so that a failure can be repeated. */
function generator(seed: number): <T>(items: readonly T[]) => T {
  let state = seed;
  return (items) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return items[((mixed ^ (mixed >>> 14)) >>> 0) % items.length] as never;
  };
}
const VALUES: JsonValue[] = [
  'a',
  'b',
  '1',
  1,
  0,
  true,
  false,
  null,
  [1],
  ['a'],
  { a: 1 },
  '{{ trigger.x }}',
  '{{ trigger.gone }}',
  'ab',
  'a.b',
  '^a',
  '^ab?',
  '^b$',
  '^(a|b)',
  'a|^b',
  '[',
  '',
];
const OPERATORS = [
  'equals',
  'eq',
  'inside',
  'in',
  'neq',
  'exists',
  'nexists',
  'contains',
  'gt',
  'gt',
  'lt',
  'startswith',
  'startswith',
  'regex',
  'regex',
  'matchregex',
  'iregex',
  'ieq',
  'ncontains',
  'nin',
  'matchwildcard',
  'timediff_lt',
  'nosuch',
];
const PATHS = ['trigger.x', 'trigger.y', 'trigger.x#2', 'trigger.z.a', 'trigger.[', 'trigger.l[*]', 'trigger.y[0:1]'];

test('the index never hides a match or a failure', () => {
  const pick = generator(20261123);
  const randomRule = (n: number): Rule => {
    const criteria: Rule['criteria'] = {};
    for (let i = pick([0, 1, 1, 2, 3]); i > 0; i -= 1)
      criteria[pick(PATHS)] = { type: pick(OPERATORS), pattern: pick([...VALUES, ['a', 1], ['b']]) };
    return {
      ref: `p.r${n}`,
      enabled: pick([true, true, true, false]),
      type: { ref: pick(['standard', 'standard', 'backstop']), parameters: {} },
      trigger: { type: 't.t', ref: pick(['t.a', 't.b']), parameters: {} },
      criteria,
    } as unknown as Rule;
  };
  const telling = (verdicts: Verdict[]): string[] =>
    verdicts
      .filter(({ kind }) => kind !== 'not-matched')
      .map(({ rule, kind, reason }) => `${rule.ref} ${kind} ${reason ?? ''}`);
  let told = 0;
  for (let round = 0; round < 60; round += 1) {
    const rules = Array.from({ length: 40 }, (_, n) => randomRule(n));
    const index = indexRules(rules);
    const compiled = rules.map(compileRule);
    for (let n = 0; n < 50; n += 1) {
      const payload: JsonObject = { x: pick(VALUES), y: pick(VALUES), z: pick<JsonValue>([{ a: 'a' }, 'a', {}]) };
      const event = { trigger: pick(['t.a', 't.b', 't.c']), payload: pick([payload, payload, {}]) };
      const plain = telling(evaluate(event, compiled, { now: 0 }));
      expect(telling(evaluate(event, index.candidates(event), { now: 0 }))).toEqual(plain);
      told += plain.length;
    }
  }
  expect(told).toBeGreaterThan(1000);
});

test('a thousand rules that one value tells apart leave one candidate', () => {
  const rules = Array.from({ length: 1000 }, (_, n) => ({
    ref: `p.r${n}`,
    enabled: true,
    type: { ref: 'standard', parameters: {} },
    trigger: { type: 't.a', ref: 't.a', parameters: {} },
    criteria: { 'trigger.k': { type: 'equals', pattern: `v${n}` } },
  })) as unknown as Rule[];
  expect(
    indexRules(rules)
      .candidates({ trigger: 't.a', payload: { k: 'v7' } })
      .map(({ rule }) => rule.ref),
  ).toEqual(['p.r7']);
});
