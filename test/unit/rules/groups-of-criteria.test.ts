import { RuleMetadata } from '../../../src/model/rule';
import type { Criteria, Rule } from '../../../src/model/rule';
import { compileRule } from '../../../src/rules/compile';
import { evaluateRule } from '../../../src/rules/evaluate';
import { explainRule } from '../../../src/rules/explain';
import { validateRule } from '../../../src/rules/validate';

const WEB = { 'trigger.host': { type: 'startswith', pattern: 'web' } };
const BAD = { 'trigger.state': { type: 'eq', pattern: 'bad' } };
const LOADED = { 'trigger.load': { type: 'gt', pattern: 90 } };
const BREAKS = { 'trigger.host': { type: 'gt', pattern: 5 } };

const verdict = (criteria: Criteria, payload: Parameters<typeof evaluateRule>[1]) => {
  const rule = { ref: 'p.r', type: { ref: 'standard', parameters: {} }, criteria } as unknown as Rule;
  return evaluateRule(compileRule(rule), payload, { now: 0 });
};
const kind = (...args: Parameters<typeof verdict>): string => verdict(...args).kind;
const EVENT = { host: 'web1', state: 'bad', load: 10 };

test.each<[string, Criteria, string]>([
  ['any: one holds', { any: [LOADED, BAD] }, 'matched'],
  ['any: none holds', { any: [LOADED, { 'trigger.host': { type: 'eq', pattern: 'db' } }] }, 'not-matched'],
  ['any: each is a whole', { any: [{ ...BAD, ...LOADED }, LOADED] }, 'not-matched'],
  ['any: of nothing', { any: [] }, 'not-matched'],
  ['all: all hold', { all: [WEB, BAD] }, 'matched'],
  ['all: one does not', { all: [WEB, LOADED] }, 'not-matched'],
  ['all: of nothing', { all: [] }, 'matched'],
  ['not: it does not', { not: LOADED }, 'matched'],
  ['not: it holds', { not: { ...WEB, ...BAD } }, 'not-matched'],
  ['groups within groups', { any: [{ not: WEB }, { all: [WEB, { any: [LOADED, BAD] }] }] }, 'matched'],
  ['beside criteria', { ...WEB, any: [LOADED, BAD], 'any#2': [BAD, LOADED] }, 'matched'],
  ['any: a failure that another makes good', { any: [BREAKS, BAD] }, 'matched'],
  ['any: a failure that nothing makes good', { any: [LOADED, BREAKS] }, 'failed'],
  ['all: a failure', { all: [WEB, BREAKS] }, 'failed'],
  ['all: a failure that is not asked', { all: [LOADED, BREAKS] }, 'not-matched'],
  ['not: a failure', { not: BREAKS }, 'failed'],
])('%s', (_, criteria, expected) => {
  expect(kind(criteria, EVENT)).toBe(expected);
});

test('a failure names the criterion within the group', () => {
  const { reason } = verdict({ all: [{ not: BREAKS }] }, EVENT);
  expect(reason).toContain('criterion "all": not: trigger.host: ');
});

test('an explanation shows every criterion of every member', () => {
  const rule = {
    ref: 'p.r',
    type: { ref: 'standard', parameters: {} },
    criteria: { any: [BAD, { ...LOADED, ...WEB }] },
  };
  const { kind: outcome, criteria } = explainRule(compileRule(rule as unknown as Rule), EVENT, { now: 0 });
  expect(outcome).toBe('matched');
  expect(criteria).toMatchObject([
    {
      operator: 'any',
      members: [
        [{ key: 'trigger.state', matched: true, value: 'bad' }],
        [
          { key: 'trigger.load', matched: false, value: 10 },
          { key: 'trigger.host', matched: true, value: 'web1' },
        ],
      ],
    },
  ]);
});

const metadata = (criteria: unknown): unknown => ({
  name: 'r',
  trigger: { type: 't.t' },
  action: { ref: 'a.a' },
  criteria,
});

test('what is wrong within a group is refused, its place named', () => {
  const issues = (criteria: unknown): string[] => {
    const parsed = RuleMetadata.safeParse(metadata(criteria));
    if (!parsed.success) return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    return validateRule(parsed.data).map(({ field, message }) => `${field}: ${message}`);
  };
  expect(issues({ any: [BAD, 5] })).toEqual(['criteria.any.1: expected criteria']);
  expect(issues({ all: [{ 'trigger.x': { pattern: 1 } }] })).toEqual([
    'criteria.all.0.trigger.x.type: expected the name of an operator',
  ]);
  expect(issues({ not: { 'trigger.x': { type: 'nosuch', pattern: 1 } } })[0]).toContain('criteria.not.trigger.x: ');
  expect(issues({ any: [BAD], not: LOADED })).toEqual([]);
  expect(issues({ any: { type: 'eq', pattern: 1 } })).toEqual([]);
});
