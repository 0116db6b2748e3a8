import { isCompleted } from '../../model/statuses';
import type { RunFact } from '../../ports/run-endings';
import type { KnownExecution } from '../../ports/store';
import type { Reconciling } from './options';
import type { Plan } from './records';

/** A fact, and what there is to publish of it given what the read model knows. */
export interface Tale {
  fact: RunFact;
  plan: (known: KnownExecution | undefined) => Plan;
}

/** Those of the tales whose fact nobody else has in hand (`evenSettled`: though it was told before); the facts are claimed. */
export async function claimTales(
  tales: readonly Tale[],
  { store, times }: Reconciling,
  { evenSettled = false } = {},
): Promise<Tale[]> {
  const facts = tales.map(({ fact }) => fact);
  const claimed = await store.runEndings.claim(facts, { leaseMs: times.lease, evenSettled });
  const mine = new Set(claimed.map(({ runId }) => runId));
  return tales.filter(({ fact }) => mine.has(fact.runId));
}

/**
 * Tells claimed facts. Whatever the runs published before is in the rows by then: the read model first catches up with the end of the log. A
 * process that dies in here leaves its claims to lapse, and who takes them over finds in the rows what was published already.
 * Throws what publishing throws; the claims then lapse as well, since the records may have been taken.
 */
export async function tell(tales: readonly Tale[], reconciling: Reconciling): Promise<void> {
  if (tales.length === 0) return;
  const { audit, store, times, group, debug, onReconciled } = reconciling;
  if (!(await audit.caughtUp(group, times.catchUp))) {
    await store.runEndings.postpone(
      tales.map(({ fact }) => fact),
      0,
    );
    return;
  }
  const known = await store.executions.known(tales.map(({ fact }) => fact.executionId));
  const planned = tales.map(({ fact, plan }) => ({ fact, ...plan(known.get(fact.executionId)) }));
  await debug?.('before-telling');
  const records = planned.flatMap((plan) => plan.records);
  if (records.length > 0) await audit.publish(records);
  await debug?.('after-telling');
  await store.runEndings.settle(planned.map(({ fact, told }) => ({ fact, ...(told && { told }) })));
  for (const { status } of records) if (isCompleted(status)) onReconciled?.(status);
}
