/**
 * Which build of the workflows runs which executions, as Temporal keeps it. An execution stays on the build that ran its first step;
 * one that has not begun goes to the current build, and waits while there is none.
 * All methods throw UNAVAILABLE when Temporal can't be reached within the time-out.
 */
export interface Deployments {
  /** Build that new executions run on. */
  current(): Promise<string | null>;
  /** Whether a worker of the build has asked for workflows and for actions, so that it can be promoted. */
  served(buildId: string): Promise<boolean>;
  /** Makes the build the current one. Throws NOT_FOUND when Temporal does not know it, CONFLICT when it can't take over. */
  promote(buildId: string): Promise<void>;
  /** Number of open executions that must finish on each of these builds. */
  open(buildIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Executions of the build that Temporal has not forgotten, open or ended: one that ended may be reset. */
  remembered(buildId: string): Promise<number>;
  /** Workers that asked for workflows in the last minutes. */
  workers(): Promise<BuildWorker[]>;
}

export interface BuildWorker {
  buildId: string;
  identity: string;
  /** Asked within the last 75 s, which a worker that lives does. */
  alive: boolean;
}
