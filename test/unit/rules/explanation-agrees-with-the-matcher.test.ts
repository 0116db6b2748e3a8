import type { JsonObject, JsonValue } from '../../../src/model/json';
import type { Rule } from '../../../src/model/rule';
import { compileRule } from '../../../src/rules/compile';
import { evaluateRule } from '../../../src/rules/evaluate';
import { explainRule } from '../../../src/rules/explain';
import { OPERATOR_NAMES } from '../../../src/rules/operators';
import { seeded } from '../expressions/random-templates';

const COUNT = Number(process.env['RULE_PAIRS'] ?? 20_000);
const KEYS = [
  'trigger.a',
  'trigger.b',
  'trigger.d.k',
  'trigger.l[0]',
  'trigger.l[*]',
  'trigger..k',
  'trigger.none',
  'trigger.t',
];
const VALUES: readonly JsonValue[] = [
  'x',
  'web01',
  '',
  5,
  0,
  -1.5,
  true,
  null,
  [1, 'x'],
  { k: 'x' },
  '2026-03-14T11:00:00Z',
  '[a-',
];
const PATTERNS: readonly JsonValue[] = [
  ...VALUES,
  '{{ trigger.a }}',
  '{{ trigger.gone }}',
  '{{ trigger.b + 1 }}',
  60,
  '.*',
];
const NOW = Date.parse('2026-03-14T12:00:00Z');

/** Rules and payloads of which a good part match, fail, or do not. */
function* pairs(): Generator<{ rule: Rule; payload: JsonObject }> {
  const chance = seeded(7);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(chance() * from.length)] as T;
  const search = (): JsonObject => ({
    type: 'search',
    condition: pick(['any', 'all', 'any2any', 'all2any', 'some']),
    pattern: {
      'item.k': { type: pick(OPERATOR_NAMES), pattern: pick(PATTERNS) },
      item: { type: pick(['eq', 'exists']), pattern: 1 },
    },
  });
  const one = (): JsonObject => ({ [pick(KEYS)]: { type: pick(OPERATOR_NAMES), pattern: pick(PATTERNS) } });
  const group = (depth: number): JsonObject => {
    const inside = (): JsonObject => ({ ...one(), ...(chance() < 0.4 && depth > 0 ? group(depth - 1) : {}) });
    return pick([
      { any: [inside(), inside()] },
      { all: [inside(), one()] },
      { not: inside() },
      { 'any#2': [one(), one(), one()] },
    ]);
  };
  for (let made = 0; made < COUNT; made += 1) {
    const criteria: JsonObject = {};
    for (let left = Math.floor(chance() * 4); left > 0; left -= 1)
      criteria[`${pick(KEYS)}#${left}`] =
        chance() < 0.1
          ? search()
          : { type: pick([...OPERATOR_NAMES, 'exists', 'exists', 'nosuch']), pattern: pick(PATTERNS) };
    if (chance() < 0.2) Object.assign(criteria, group(2));
    const rule = { ref: 'p.r', type: { ref: 'standard', parameters: {} }, criteria } as unknown as Rule;
    const payload: JsonObject =
      chance() < 0.05
        ? {}
        : { a: pick(VALUES), b: pick(VALUES), d: { k: pick(VALUES) }, l: [pick(VALUES)], t: pick(VALUES) };
    yield { rule, payload };
  }
}

test('an explanation has the verdict, the reason and the criteria that the matcher has', () => {
  const seen = { matched: 0, 'not-matched': 0, failed: 0 };
  for (const { rule, payload } of pairs()) {
    const compiled = compileRule(rule);
    const verdict = evaluateRule(compiled, payload, { now: NOW });
    const explanation = explainRule(compiled, payload, { now: NOW });
    seen[verdict.kind] += 1;
    expect(explanation.kind).toBe(verdict.kind);
    if (verdict.kind === 'failed') expect(explanation).toMatchObject({ reason: verdict.reason, code: verdict.code });
    const asked = explanation.criteria.filter((criterion) => criterion.asked);
    expect(asked.map(({ key, matched }) => ({ key, matched }))).toEqual(
      verdict.criteria.map(({ key, matched }) => ({ key, matched })),
    );
    expect(explanation.criteria).toHaveLength(Object.keys(rule.criteria).length);
  }
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(COUNT / 20);
});
