/** A stretch of one partition: offsets from `from` up to, but not including, `before`. */
export interface LogSpan {
  partition: number;
  from: number;
  before: number;
}

/** Stretches of the log of one topic epoch; after the topic was made anew they mean nothing. */
export interface LogRange {
  epoch: number;
  spans: LogSpan[];
}

/** How many entries the stretches have (places of the log: some may hold no event). */
export const lengthOf = (spans: readonly LogSpan[]): number =>
  spans.reduce((sum, { from, before }) => sum + Math.max(before - from, 0), 0);

/** What is left of the stretches when the first one was read up to `next`. */
export function pastOf([first, ...rest]: readonly LogSpan[], next: number): LogSpan[] {
  return first === undefined || next >= first.before ? rest : [{ ...first, from: next }, ...rest];
}
