import type { CharSet } from './char-set';
import type { Op } from './matcher';
import type { Position } from './syntax';

/** How a repeated character goes on. */
export const GREEDY = 0;
export const LAZY = 1;
export const POSSESSIVE = 2;

/** One operation. What `x`, `y`, `z` mean depends on it. */
export interface Instruction {
  op: Op;
  x: number;
  y: number;
  z: number;
  set: CharSet | null;
  ascii: boolean;
  flag: boolean;
  mode: number;
  position: Position;
  /** Of a repeated single character: what it is. */
  one: Instruction | null;
  /** The character that must follow a repeated one; -1 when unknown. */
  next: number;
}

export interface Program {
  code: readonly Instruction[];
  /** Registers: two per group, then two per loop. */
  registers: number;
}
