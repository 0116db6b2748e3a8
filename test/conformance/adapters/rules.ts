import type { JsonObject } from '../../../src/model/json';
import type { Rule } from '../../../src/model/rule';
import { compileRule } from '../../../src/rules/compile';
import { evaluateRule } from '../../../src/rules/evaluate';
import type { Judge } from './adapter';

interface Case {
  id: string;
  group: string;
  now: string;
  payload: JsonObject;
  criteria: Rule['criteria'];
  expect: { match?: boolean; error?: string; raises?: string };
}

const outcomeOf = ({ payload, criteria, now }: Case): string => {
  const rule = { ref: 'p.r', type: { ref: 'standard', parameters: {} }, criteria } as unknown as Rule;
  return evaluateRule(compileRule(rule), payload, { now: Date.parse(now) }).kind;
};

const wantedOf = ({ expect: { match, error, raises } }: Case): string =>
  raises !== undefined || (error !== undefined && match !== true) ? 'failed' : match ? 'matched' : 'not-matched';

/** Judges cases of `rules/criteria.jsonl`. */
export const ruleJudge: Judge = (line) => {
  const recorded = JSON.parse(line) as Case;
  const [observed, wanted] = [outcomeOf(recorded), wantedOf(recorded)];
  const why = recorded.expect.error ?? recorded.expect.raises;
  return {
    id: recorded.id,
    group: recorded.group,
    passed: observed === wanted,
    expected: `${JSON.stringify(recorded.criteria)} ${wanted}${why ? ` (${why})` : ''}`,
    observed,
  };
};
