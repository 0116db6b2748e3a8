/**
 * The times behind guarantee 4, all in one file because they only hold together (test/unit/model/timings.test.ts):
 * whatever stops a worker, its actions are dead before anyone declares them abandoned or runs them again, `abandoned` is known within
 * 15 s, a sensor moves within 10 s, and a cancellation reaches the process within 3 s. Milliseconds.
 */

/** Temporal gives an activity up that was not heard of for so long. */
export const HEARTBEAT_TIMEOUT_MS = 6_000;
/** At most this long a heartbeat is held back, so the last one heard may be so much older than the last one made. */
export const HEARTBEAT_THROTTLE_MS = 2_000;
/** How often a running action says that it is alive; also how often a cancellation can be learned. */
export const HEARTBEAT_EVERY_MS = 1_000;

/** A workflow task goes to any worker when the one that has the workflow in its cache does not take it in time. */
export const STICKY_QUEUE_TIMEOUT_MS = 2_000;
/** A workflow task that was handed to a worker which fell silent is given to another one after so long (Temporal's own default is 10 s). */
export const WORKFLOW_TASK_TIMEOUT_MS = 5_000;

/** The supervisor kills the actions of a worker that renewed nothing for so long: it is stopped, or hangs. */
export const LEASE_MS = 5_000;
export const LEASE_RENEWAL_MS = 500;
/** Between SIGTERM and SIGKILL. */
export const KILL_GRACE_MS = 1_000;
/** Between the last SIGKILL and giving up on pipes that a process outside the group still holds. */
export const CLOSE_GRACE_MS = 1_000;

/** A worker that did not reach Temporal for so long kills its actions itself: it is cut off, and others decide without it. */
export const CONTACT_LOST_MS = 6_000;
export const CONTACT_PROBE_MS = 1_000;

/** After the heartbeats ended, the worker that ran the action is asked for it: so long may it take to answer. */
export const ADOPTION_WITHIN_MS = 5_000;
export const ANSWER_WITHIN_MS = 2_000;
/** Heartbeats older than this when they are missed: it was Temporal that was away, and workers need longer to find back to it. */
export const OUTAGE_AFTER_MS = 11_000;
export const ADOPTION_AFTER_OUTAGE_MS = 15_000;
/** An action that Temporal gave up on goes on for so long, so that its workflow can ask for it. */
export const UNCLAIMED_ACTION_MS = 8_000;
/** The outcome of an action is kept for so long, in case the report of it was lost. */
export const OUTCOME_KEPT_MS = 120_000;

/** The record of a run's end that waited for Kafka so long is published only if Temporal has that end: the reconciler may have told another. */
export const LATE_END_MS = 10_000;
