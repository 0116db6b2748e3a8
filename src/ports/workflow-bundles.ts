import type { KnownBuild, WorkflowBuild } from '../model/workflow-build';

/**
 * The bundles of all builds of the workflows that may be needed again, so that every host can finish executions of builds that its
 * own program does not ship. A build once seen stays known, in the order of first sight, also after its bundle was forgotten.
 */
export interface WorkflowBundles {
  /** Keeps the bundle unless it is kept already. Durable when it resolves. */
  keep(build: WorkflowBuild): Promise<void>;
  /** Oldest first. */
  list(): Promise<KnownBuild[]>;
  /** Null when the build is unknown or its bundle was forgotten. */
  code(buildId: string): Promise<string | null>;
  /** Notes that the build was made the current one. */
  markPromoted(buildId: string): Promise<void>;
  /** Lets go of the bundle's code. */
  forget(buildId: string): Promise<void>;
}
