import type { Candidate } from './condition';

/** What a guard stage makes of a candidate: those that go on, and those held back with the reason. */
export interface Passage {
  on: Candidate[];
  back: { candidate: Candidate; reason: string }[];
}
export const passing = (...on: Candidate[]): Passage => ({ on, back: [] });
export const heldBack = (candidate: Candidate, reason: string): Passage => ({ on: [], back: [{ candidate, reason }] });
