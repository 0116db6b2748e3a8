import { performance } from 'node:perf_hooks';

/** One unit of work, from request to end; rejects when it did not succeed. */
export type Work = () => Promise<void>;

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
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const began = performance.now();
      try {
        await work();
      } catch (error) {
        left = 0;
        throw error;
      }
      samplesMs.push(performance.now() - began);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, lane));
  return { elapsedMs: performance.now() - began, samplesMs };
}

/** Runs `count` units one after the other. */
export const oneByOne = (work: Work, count: number): Promise<LoadResult> => closedLoop(work, count, 1);
