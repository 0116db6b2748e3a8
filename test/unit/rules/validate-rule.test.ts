import type { RuleMetadata } from '../../../src/model/rule';
import { validateRule } from '../../../src/rules/validate';

const rule = (criteria: RuleMetadata['criteria']): RuleMetadata => ({
  name: 'r',
  trigger: { type: 't.a' },
  action: { ref: 'core.local' },
  criteria,
});

test('an unknown operator is refused with the recorded text', () => {
  expect(validateRule(rule({ 'trigger.body.k': { type: 'nosuchop', pattern: 'v' } }))).toEqual([
    {
      code: 'UNKNOWN_OPERATOR',
      field: 'criteria.trigger.body.k',
      message:
        "For field: trigger.body.k, operator nosuchop not in list of allowed operators: ['matchwildcard', 'matchregex', 'regex', 'iregex', 'eq', 'equals', 'neq', 'nequals', 'ieq', 'iequals', 'contains', 'icontains', 'ncontains', 'incontains', 'startswith', 'istartswith', 'endswith', 'iendswith', 'lt', 'lessthan', 'gt', 'greaterthan', 'td_lt', 'timediff_lt', 'td_gt', 'timediff_gt', 'exists', 'nexists', 'inside', 'in', 'ninside', 'nin', 'search']",
    },
  ]);
});

test('a null pattern, a bad path and a bad template are refused; a good rule is not', () => {
  const codes = (key: string, pattern: unknown): string[] =>
    validateRule(rule({ [key]: { type: 'eq', pattern } })).map(({ code }) => code);
  expect(codes('trigger.a', null)).toEqual(['INVALID_DEFINITION']);
  expect(codes('trigger.[', 'x')).toEqual(['INVALID_DEFINITION']);
  expect(codes('trigger.a', '{{ 1 +')).toEqual(['INVALID_DEFINITION']);
  expect(codes("trigger.headers['X-Foo']#1", '{{ trigger.b }}')).toEqual([]);
});
