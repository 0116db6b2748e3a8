/** How one recorded case went. */
export interface Outcome {
  id: string;
  group: string;
  passed: boolean;
  /** For people. */
  expected: string;
  observed: string;
}

/** Judges one line of a file of recorded cases. */
export type Judge = (line: string) => Outcome;
