import { SEQUENCE_OF_END } from '../../model/audit';
import type { ExecutionContext, ExecutionInput, ExecutionOutcome } from '../../model/execution';
import type { JsonValue } from '../../model/json';
import { logOf } from '../../model/projected-changes';
import type { ProjectedChange } from '../../model/projected-changes';
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
  /** A workflow task. `lost`: failed or timed out. Attempts after the first are not in the history until they succeed. */
  | { kind: 'task'; at: string; phase: 'scheduled' | 'started' | 'completed' | 'lost' }
  /** What comes before was taken over from another run. */
  | { kind: 'reset'; at: string; of: string; reason: string }
  | { kind: 'closed'; at: string; how: Close; outcome?: ExecutionOutcome; why?: JsonValue };
/** `superseded`: terminated because a reset put another run in its place. */
export type Close = 'completed' | 'failed' | 'canceled' | 'terminated' | 'timed-out' | 'superseded';

type Fact<K extends HistoryFact['kind']> = Extract<HistoryFact, { kind: K }>;

/** The state of a run from its history's facts; null when they lack the start. Pure. */
export function stateFromHistory(runId: string, facts: readonly HistoryFact[]): ExecutionState | null {
  const started = find(facts, 'started');
  if (!started) return null;
  const closed = find(facts, 'closed');
  const { lines, next } = linesOf(started, facts);
  const shown = lines.at(-1)?.status ?? ExecutionStatus.requested;
  const end = closed && endOf(closed, facts, next);
  const changes = [...ownLines(started, facts, lines), ...(end ? [end.change] : [])].map((line) => ({
    run: runId,
    ...line,
  }));
  const runnerInfo = changes.findLast((change: ProjectedChange) => change.runnerInfo)?.runnerInfo;
  return {
    input: started.input,
    runId,
    status: end?.change.status ?? shown,
    startedAt: started.at,
    ...(end && { endedAt: end.change.at, ...(end.result !== undefined && { result: end.result }) }),
    context: contextOf(started.input, facts),
    log: logOf(changes),
    changes,
    ...(runnerInfo ? { runnerInfo } : {}),
    ...circumstances(closed, facts),
  };
}

/** What only the reconciler needs to know. */
function circumstances(
  closed: Fact<'closed'> | undefined,
  facts: readonly HistoryFact[],
): Pick<ExecutionState, 'superseded' | 'reset' | 'inDoubt'> {
  const reset = find(facts, 'reset');
  return {
    ...(closed?.how === 'superseded' && { superseded: true as const }),
    ...(reset && { reset: { at: reset.at, of: reset.of, reason: reset.reason, status: statusAtReset(facts) } }),
    ...(inDoubt(facts) && { inDoubt: true as const }),
  };
}

type Line = Omit<ProjectedChange, 'run'>;

function find<K extends HistoryFact['kind']>(facts: readonly HistoryFact[], kind: K): Fact<K> | undefined {
  return facts.findLast((fact): fact is Fact<K> => fact.kind === kind);
}

/** A run whose final record waited for Kafka had ended before it closed; one that Temporal closed ended there, and told nothing of it. */
function endOf(
  closed: Fact<'closed'>,
  facts: readonly HistoryFact[],
  next: number,
): { change: Line; result?: JsonValue } | undefined {
  const { how, at, why } = closed;
  if (how === 'superseded') return undefined;
  const { status, result = why } = finalOutcome(closed, find(facts, 'memo'));
  const told = result === undefined ? {} : { result };
  if (how === 'terminated' || how === 'timed-out')
    return { change: { sequence: SEQUENCE_OF_END, status, at }, ...told };
  return { change: { sequence: next, status, at: find(facts, 'concluded')?.at ?? at }, ...told };
}

/** Whether a worker may have been telling the run's end when it was closed from outside, so that its record may still be under way. */
function inDoubt(facts: readonly HistoryFact[]): boolean {
  const task = find(facts, 'task')?.phase;
  return task === 'started' || task === 'lost' || find(facts, 'concluded') !== undefined;
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
    case 'superseded':
    case 'terminated':
      return { status: ExecutionStatus.abandoned };
    case 'timed-out':
      return { status: ExecutionStatus.timeout };
  }
}

/** The changes before the end, numbered as the workflow numbers its audit records, and in that order, whatever the clocks say. */
function linesOf(started: Fact<'started'>, facts: readonly HistoryFact[]): { lines: Line[]; next: number } {
  const lines: Line[] = [];
  let next = 0;
  const add = (fact: { at: string } | undefined, status: ExecutionStatus): void => {
    if (fact) lines.push({ sequence: next++, status, at: fact.at });
  };
  add(started, ExecutionStatus.requested);
  add((started.input.delayMs ?? 0) > 0 ? started : undefined, ExecutionStatus.delayed);
  add(
    facts.find(({ kind }) => kind === 'action-scheduled'),
    ExecutionStatus.scheduled,
  );
  // Each try to run the action takes a number for `running`, whether it begins or not; one that was lost may have begun before another.
  let sequence: number | null = null;
  for (const fact of facts) {
    if (fact.kind === 'action-scheduled') sequence = next++;
    if (fact.kind !== 'action-started') continue;
    const runnerInfo = parseIdentity(fact.identity);
    lines.push({
      sequence: sequence ?? next++,
      status: ExecutionStatus.running,
      at: fact.at,
      ...(runnerInfo && { runnerInfo }),
    });
    sequence = null;
  }
  add(find(facts, 'cancel-requested'), ExecutionStatus.canceling);
  return { lines, next };
}

/**
 * Without those that another run told: after a reset, what the tasks before it told is not told again. A reset to the first task
 * takes over the request alone, which the new run tells anew.
 */
function ownLines(started: Fact<'started'>, facts: readonly HistoryFact[], lines: readonly Line[]): Line[] {
  const takenOver = factsBeforeReset(facts);
  if (!takenOver.some((fact) => fact.kind === 'task' && fact.phase === 'completed')) return [...lines];
  const told = new Set(linesOf(started, takenOver).lines.map(({ sequence }) => sequence));
  return lines.filter(({ sequence }) => !told.has(sequence));
}

function statusAtReset(facts: readonly HistoryFact[]): ExecutionStatus {
  const before = factsBeforeReset(facts);
  const started = find(before, 'started');
  return (started && linesOf(started, before).lines.at(-1)?.status) ?? ExecutionStatus.requested;
}

/** Empty when there was no reset. */
const factsBeforeReset = (facts: readonly HistoryFact[]): readonly HistoryFact[] =>
  facts.slice(
    0,
    Math.max(
      0,
      facts.findLastIndex(({ kind }) => kind === 'reset'),
    ),
  );

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
