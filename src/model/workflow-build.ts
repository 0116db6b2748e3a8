/** A build of the workflows, ready to be run. */
export interface WorkflowBuild {
  buildId: string;
  /** Text of the bundle. */
  code: string;
}

/** A build that this platform has seen. */
export interface KnownBuild {
  buildId: string;
  /** ISO 8601, by the database's clock. */
  firstSeen: string;
  /** It was the current one at some time. */
  promoted: boolean;
  /** Its bundle is kept; it no longer is when Temporal remembers no execution of it. */
  kept: boolean;
}

/** What a build is to Temporal: takes new executions; finishes its own; has none open; never had any. */
export type BuildStatus = 'current' | 'draining' | 'drained' | 'inactive';

/** Status of a build from its numbers. Pure. */
export function buildStatus(build: {
  current: boolean;
  promoted: boolean;
  open: number;
  remembered: number;
}): BuildStatus {
  if (build.current) return 'current';
  if (build.open > 0) return 'draining';
  return build.promoted || build.remembered > 0 ? 'drained' : 'inactive';
}
