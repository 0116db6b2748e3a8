const FIRST_MS = 500;
/** What waited out an outage waits this much longer at most, so it is short; a try costs little. */
const LIMIT_MS = 10_000;

/** Wait before the n-th (from 1) retry: 0.5 s doubled up to 10 s, of which a random half is taken off so that members don't retry in step. Milliseconds. */
export function backOffMs(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(LIMIT_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 16));
  return Math.round(full / 2 + (full / 2) * random());
}
