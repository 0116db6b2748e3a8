import type { ExecutionContext, ExecutionInput, ExecutionOutcome, StatusChange } from '../../model/execution';
import type { ExecutionState } from '../../ports/executions';
import { ExecutionStatus } from '../../model/statuses';
import { UNNAMED_USER } from '../../../workflows/contract';

/**
 * What an execution's history says, decoded. Facts are in the order of the history; times are ISO 8601, and of what the workflow did they are
 * those of its own clock, which its audit records have as well.
 * A running activity's start is not in the history until it ends, so it may come from Temporal's description of the run.
 */
export type HistoryFact =
  | { kind: 'started'; at: string; input: ExecutionInput }
  | { kind: 'action-scheduled'; at: string }
  | { kind: 'action-started'; at: string; identity: string }
  | { kind: 'cancel-signal'; at: string; user: string }
  | { kind: 'cancel-requested'; at: string }
  /** The workflow made its final record. */
  | { kind: 'concluded'; at: string }
  | { kind: 'memo'; at: string; outcome: ExecutionOutcome }
  | { kind: 'closed'; at: string; how: Close; outcome?: ExecutionOutcome };
export type Close = 'completed' | 'failed' | 'canceled' | 'terminated' | 'timed-out';

type Fact<K extends HistoryFact['kind']> = Extract<HistoryFact, { kind: K }>;

/** The state of a run from its history's facts; null when they lack the start. Pure. */
export function stateFromHistory(runId: string, facts: readonly HistoryFact[]): ExecutionState | null {
  const started = find(facts, 'started');
  if (!started) return null;
  const closed = find(facts, 'closed');
  const end = closed && { at: endOf(closed, facts), ...finalOutcome(closed, find(facts, 'memo')) };
  const log = statusLog(started, facts);
  if (end) log.push({ timestamp: end.at, status: end.status });
  const running = find(facts, 'action-started');
  const runnerInfo = running && parseIdentity(running.identity);
  return {
    input: started.input,
    runId,
    status: log.at(-1)?.status ?? ExecutionStatus.requested,
    startedAt: started.at,
    ...(end ? { endedAt: end.at } : {}),
    ...(end && end.result !== undefined ? { result: end.result } : {}),
    context: contextOf(started.input, facts),
    log,
    ...(runnerInfo ? { runnerInfo } : {}),
  };
}

function find<K extends HistoryFact['kind']>(facts: readonly HistoryFact[], kind: K): Fact<K> | undefined {
  return facts.findLast((fact): fact is Fact<K> => fact.kind === kind);
}

/** A run whose final record waited for Kafka had ended before it closed; one that Temporal closed ended there. */
function endOf({ how, at }: Fact<'closed'>, facts: readonly HistoryFact[]): string {
  return how === 'terminated' || how === 'timed-out' ? at : (find(facts, 'concluded')?.at ?? at);
}

/** Temporal's own verdict comes first: only where it leaves room does our outcome say more. */
function finalOutcome(
  closed: Fact<'closed'>,
  memo: Fact<'memo'> | undefined,
): Partial<ExecutionOutcome> & { status: ExecutionStatus } {
  switch (closed.how) {
    case 'completed':
      return closed.outcome ?? { status: ExecutionStatus.succeeded };
    case 'failed':
      return closed.outcome ?? { status: ExecutionStatus.failed };
    case 'canceled':
      return { ...memo?.outcome, status: ExecutionStatus.canceled };
    case 'terminated':
      return { status: ExecutionStatus.abandoned };
    case 'timed-out':
      return { status: ExecutionStatus.timeout };
  }
}

/** In the order in which the audit records are numbered, whatever the clocks say. */
function statusLog(started: Fact<'started'>, facts: readonly HistoryFact[]): StatusChange[] {
  const log: StatusChange[] = [{ timestamp: started.at, status: ExecutionStatus.requested }];
  const add = (fact: { at: string } | undefined, status: ExecutionStatus): void => {
    if (fact) log.push({ timestamp: fact.at, status });
  };
  add((started.input.delayMs ?? 0) > 0 ? started : undefined, ExecutionStatus.delayed);
  add(
    facts.find(({ kind }) => kind === 'action-scheduled'),
    ExecutionStatus.scheduled,
  );
  // An action that was lost and may run again has begun more than once.
  for (const fact of facts) if (fact.kind === 'action-started') add(fact, ExecutionStatus.running);
  add(find(facts, 'cancel-requested'), ExecutionStatus.canceling);
  return log;
}

function contextOf(input: ExecutionInput, facts: readonly HistoryFact[]): ExecutionContext {
  const signal = find(facts, 'cancel-signal');
  const requested = find(facts, 'cancel-requested');
  return requested ? { ...input.context, cancelled_by: signal?.user ?? UNNAMED_USER } : input.context;
}

/** Our workers call themselves `pid@hostname`. */
function parseIdentity(identity: string): { hostname: string; pid: number } | undefined {
  const match = /^(\d+)@(.+)$/.exec(identity);
  return match ? { pid: Number(match[1]), hostname: match[2] as string } : undefined;
}
