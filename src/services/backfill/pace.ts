import { pauseFor } from '../../model/pause';

/** Turns that are at least 1/`perSecond` seconds apart, whoever asks; time that was not used is not made up for. */
export function createPace(perSecond: number, now: () => number, signal: AbortSignal): { turn(): Promise<void> } {
  let free = -Infinity;
  return {
    turn: async () => {
      const mine = Math.max(free, now());
      free = mine + 1_000 / perSecond;
      const wait = mine - now();
      if (wait > 0) await pauseFor(wait, signal);
    },
  };
}
