import { SEQUENCE_OF_LOSS } from './audit';
import type { StatusChange } from './execution';
import { isCompleted } from './statuses';
import type { ExecutionStatus } from './statuses';

/** One audit record's trace in the projection: what is needed to apply the others in any order. */
export interface ProjectedChange {
  run: string;
  sequence: number;
  status: ExecutionStatus;
  /** ISO 8601. */
  at: string;
  runnerInfo?: { hostname: string; pid: number };
  /** The run that this one goes on from (a reset): it comes before, whatever the clocks say. */
  after?: string;
}

/**
 * In the order of what happened: runs by their last known change (one that goes on from another comes after it), and within a run by
 * sequence: clocks of two machines may disagree, sequences can't. Sorts in place.
 */
export function ordered(changes: ProjectedChange[]): ProjectedChange[] {
  const last = new Map<string, number>();
  for (const { run, at } of changes) last.set(run, Math.max(last.get(run) ?? -Infinity, Date.parse(at)));
  for (const { run, after } of changes) {
    const before = after === undefined ? undefined : last.get(after);
    if (before !== undefined) last.set(run, Math.max(last.get(run) ?? 0, before + 1));
  }
  const lastOf = (change: ProjectedChange): number => last.get(change.run) ?? 0;
  return changes.sort((a, b) => lastOf(a) - lastOf(b) || compareText(a.run, b.run) || rank(a) - rank(b));
}

/** An end that the run told itself is stronger than a loss, which may have been a mistake, and weaker than what Temporal says. */
const rank = ({ status, sequence }: ProjectedChange): number =>
  isCompleted(status) && sequence < SEQUENCE_OF_LOSS ? SEQUENCE_OF_LOSS + 0.5 : sequence;

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The log lines of changes in order. */
export const logOf = (changes: readonly ProjectedChange[]): StatusChange[] =>
  changes.filter(isOfLog).map(({ at, status }) => ({ timestamp: at, status }));

/** A reset shows where the new run stands, which is no change that a run went through. */
export const isOfLog = ({ sequence }: Pick<ProjectedChange, 'sequence'>): boolean => sequence >= 0;
