import type { ErrorCode } from '../model/errors';
import type { JsonObject } from '../model/json';
import type { CompiledRule } from './compile';
import { evaluateCriterion, failureReason } from './evaluate';
import type { CriterionVerdict, EvaluateOptions, Verdict } from './evaluate';

/** What a criterion says of an event, and whether the matcher came to ask it: it stops at the first that does not match. */
export interface CriterionExplanation extends CriterionVerdict {
  operator: string;
  asked: boolean;
}

export interface Explanation {
  kind: Verdict['kind'];
  /** When failed, or where no criterion says why. */
  reason?: string;
  code?: ErrorCode;
  criteria: CriterionExplanation[];
}

/** Why a rule matches a payload or does not: all criteria are asked, the verdict is the matcher's own. */
export function explainRule(compiled: CompiledRule, payload: JsonObject, options: EvaluateOptions): Explanation {
  const seen = { trigger: payload, system: {} };
  const verdicts = compiled.criteria.map((criterion) =>
    evaluateCriterion(criterion, seen, { ...options, thorough: true }),
  );
  const empty = verdicts.length > 0 && Object.keys(payload).length === 0;
  const decisive = empty ? 0 : verdicts.findIndex(({ matched, code }) => code !== undefined || !matched);
  const criteria = verdicts.map((verdict, index) => ({
    ...verdict,
    operator: operatorOf(compiled, index),
    asked: !empty && (decisive < 0 || index <= decisive),
  }));
  if (empty) return { kind: 'not-matched', reason: 'the event has no payload, and the rule has criteria', criteria };
  const decided = verdicts[decisive];
  if (!decided) return { kind: 'matched', criteria };
  if (decided.code === undefined) return { kind: 'not-matched', criteria };
  return { kind: 'failed', reason: failureReason(compiled.rule, decided), code: decided.code, criteria };
}

function operatorOf({ criteria }: CompiledRule, index: number): string {
  const criterion = criteria[index];
  if (criterion && 'group' in criterion) return criterion.group;
  return criterion && 'operatorName' in criterion ? criterion.operatorName : '';
}
