/** What the processes of this benchmark call things. */
export const BARE_TASK_QUEUE = 'bench-bare';
export const BARE_WORKFLOW = 'bare';
export const BARE_WORKER_READY = 'bare worker runs';

export const ACTION = 'core.noop';
export const TRIGGER = 'bench.event';
export const RULE_UID = 'rule:bench:noop';
export const EVENT_SOURCE = '/bench';
