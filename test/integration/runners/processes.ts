import { readFileSync, readdirSync } from 'node:fs';

/** Pids of living processes whose command line holds the text. Tests give their commands a text of their own. */
export function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        // A zombie has an empty command line.
        return Number(pid) !== process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Waits until a condition holds; throws with `what` when it does not within the time. */
export async function until(what: string, condition: () => boolean, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

let count = 0;
/** A number of seconds to sleep that no other process sleeps: marks the processes of one test. */
export const uniqueSleep = (): string => `3${process.pid}.${Date.now() % 1_000_000}${(count += 1)}1`;
