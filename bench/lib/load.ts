import { performance } from 'node:perf_hooks';

/** One unit of work; resolves with its end, milliseconds since 1970 (fractions count), and rejects when it did not succeed. */
export type Work = () => Promise<number>;

const now = (): number => performance.timeOrigin + performance.now();

export interface LoadResult {
  /** First request to last end, milliseconds. */
  elapsedMs: number;
  /** Each unit's own time, milliseconds. */
  samplesMs: number[];
}

/** Runs `count` units with `concurrency` of them always under way (a closed loop). One that fails ends the load and is thrown. */
export async function closedLoop(work: Work, count: number, concurrency: number): Promise<LoadResult> {
  const samplesMs: number[] = [];
  let left = count;
  let last = 0;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const requested = now();
      try {
        const ended = await work();
        last = Math.max(last, ended);
        samplesMs.push(ended - requested);
      } catch (error) {
        left = 0;
        throw error;
      }
    }
  };
  const began = now();
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, lane));
  return { elapsedMs: last - began, samplesMs };
}

/** Runs `count` units one after the other. */
export const oneByOne = (work: Work, count: number): Promise<LoadResult> => closedLoop(work, count, 1);
