import RequestQueue from 'kafkajs/src/network/requestQueue';

/**
 * kafkajs 2.2.4 wakes each connection every millisecond for ever, from its first answer on, to look for requests that wait although none do
 * (its time-out is negative then); with a few connections that is a noticeable share of a processor. Here it looks only when some wait.
 * Idempotent; for the whole process.
 */
export function letIdleConnectionsSleep(): void {
  const { prototype } = RequestQueue;
  if (patched.has(prototype)) return;
  patched.add(prototype);
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.pending.length > 0) schedule.call(this);
  };
}

const patched = new WeakSet<object>();
