/** Executions a second: what a backfill may ask for at most, and what it gets when it names none. */
export const MAX_RATE = 1_000;
export const DEFAULT_RATE = 50;

const PER: ReadonlyMap<string, number> = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3_600],
]);
const RATE = /^\s*(\d+(?:\.\d+)?)\s*(?:\/\s*(s|m|h))?\s*$/;

/** A rate (`50`, `50/s`, `30/m`, `100/h`) in executions a second; null when it is none, or not above 0 and at most {@link MAX_RATE}. */
export function parseRate(given: string | number): number | null {
  const [, amount, unit] = RATE.exec(String(given)) ?? [];
  if (amount === undefined) return null;
  const rate = Number(amount) / (PER.get(unit ?? 's') ?? 1);
  return rate > 0 && rate <= MAX_RATE ? rate : null;
}
