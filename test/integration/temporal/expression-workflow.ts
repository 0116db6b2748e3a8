import { sleep } from '@temporalio/workflow';
import type { Outcome } from '../../conformance/adapters/adapter';
import { expressionJudge } from '../../conformance/adapters/expressions';

/** Judges recorded expressions within a workflow, before and after a timer: a replay has to come to the same. */
export async function judgeExpressions(context: string, lines: readonly string[]): Promise<Outcome[]> {
  const judge = expressionJudge(context);
  const before = lines.map(judge);
  await sleep(1);
  const after = lines.map(judge);
  return before.map((outcome, index) =>
    after[index]?.observed === outcome.observed ? outcome : { ...outcome, passed: false, expected: 'the same twice' },
  );
}
