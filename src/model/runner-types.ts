import type { RunnerTypeEntry } from './runner-types-define';
import { OTHER_RUNNER_TYPES } from './runner-types-other';
import { SHELL_RUNNER_TYPES } from './runner-types-shell';
import { WORKFLOW_RUNNER_TYPES } from './runner-types-workflow';

/**
 * All of StackStorm's runner types by name, in name order, as its API shows them, with what Everstorm must know besides.
 * A type in this table can be registered and listed; which of them can run is up to the action runners.
 */
export const RUNNER_TYPES: ReadonlyMap<string, RunnerTypeEntry> = new Map(
  [...SHELL_RUNNER_TYPES, ...WORKFLOW_RUNNER_TYPES, ...OTHER_RUNNER_TYPES]
    .map((entry): [string, RunnerTypeEntry] => [entry.type.name, entry])
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);
