import { pauseFor } from '../../model/pause';

/** A rest that is longer is left to the workflow, which holds nobody's slot meanwhile. */
const LONGEST_REST_MS = 2_000;

export interface Pace {
  turn(): Promise<void>;
  /** Waits for what would be the next turn, unless that is seconds away. */
  rest(): Promise<void>;
}

/** Turns that are at least 1/`perSecond` seconds apart, whoever asks; time that was not used is not made up for. */
export function createPace(perSecond: number, now: () => number, signal: AbortSignal): Pace {
  let free = -Infinity;
  const until = async (at: number, atMost = Infinity): Promise<void> => {
    const wait = at - now();
    if (wait > 0 && wait <= atMost) await pauseFor(wait, signal);
  };
  return {
    turn: async () => {
      const mine = Math.max(free, now());
      free = mine + 1_000 / perSecond;
      await until(mine);
    },
    rest: () => until(free, LONGEST_REST_MS),
  };
}
