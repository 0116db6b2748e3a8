import { z } from 'zod';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/;
const LONGEST_MS = 366 * 86_400_000;

/** Milliseconds of a duration: a number of seconds, or a number with a unit (`500ms`, `30s`, `5m`, `2h`, `1d`); null for anything else. */
export function durationMs(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value * 1_000 : null;
  const [, amount, unit] = (typeof value === 'string' && DURATION.exec(value.trim())) || [];
  return amount === undefined || unit === undefined ? null : Number(amount) * (UNITS[unit] as number);
}

/** A duration as it was written, longer than nothing and at most 366 days. */
export const Duration = z.union([z.number(), z.string()]).refine(
  (value) => {
    const ms = durationMs(value);
    return ms !== null && ms > 0 && ms <= LONGEST_MS;
  },
  { error: 'expected a duration: seconds, or a number with a unit, like 500ms, 30s, 5m, 2h, 1d (at most 366d)' },
);
export type Duration = z.infer<typeof Duration>;
