import { canonical } from './case-fold';
import { inCategory } from './categories';
import type { Category } from './categories';

export interface SetParts {
  ranges: readonly (readonly [number, number])[];
  categories: readonly Category[];
  negated: boolean;
  fold: boolean;
  ascii: boolean;
}

const TABLE = 256;
const MAX_FOLDED = 70_000;

/** A set of characters: a table for Latin-1, ranges and categories beyond. */
export class CharSet {
  private readonly table = new Uint8Array(TABLE);
  private readonly folded: ReadonlySet<number>;

  constructor(private readonly parts: SetParts) {
    this.folded = parts.fold ? foldedMembers(parts) : new Set();
    for (let code = 0; code < TABLE; code += 1) this.table[code] = this.holds(code) ? 1 : 0;
  }

  has(code: number): boolean {
    return code < TABLE ? this.table[code] === 1 : this.holds(code);
  }

  private holds(code: number): boolean {
    return this.inside(code) !== this.parts.negated;
  }

  private inside(code: number): boolean {
    const { ranges, categories, ascii, fold } = this.parts;
    for (const [low, high] of ranges) if (code >= low && code <= high) return true;
    for (const category of categories) if (inCategory(category, code, ascii)) return true;
    return fold && this.folded.has(canonical(code, ascii));
  }
}

/** Canonical forms of the members of the ranges; ranges that are too long to go through match without folding. */
function foldedMembers({ ranges, ascii }: SetParts): ReadonlySet<number> {
  const members = new Set<number>();
  let left = MAX_FOLDED;
  for (const [low, high] of ranges) {
    if (high - low >= left) continue;
    left -= high - low;
    for (let code = low; code <= high; code += 1) members.add(canonical(code, ascii));
  }
  return members;
}
