import { sameInAnyCase } from './case-fold';
import { inCategory } from './categories';
import type { Category } from './categories';

type Range = readonly [number, number];

export interface SetParts {
  ranges: readonly Range[];
  categories: readonly Category[];
  negated: boolean;
  fold: boolean;
  ascii: boolean;
}

const TABLE = 256;

/** A set of characters: a table for Latin-1, sorted ranges and categories beyond. */
export class CharSet {
  private readonly table = new Uint8Array(TABLE);
  private readonly ranges: readonly Range[];
  private readonly categories: readonly Category[];

  constructor(private readonly parts: SetParts) {
    this.ranges = merged(parts.ranges);
    this.categories = [...new Set(parts.categories)];
    for (let code = 0; code < TABLE; code += 1) this.table[code] = this.holds(code) ? 1 : 0;
  }

  has(code: number): boolean {
    return code < TABLE ? this.table[code] === 1 : this.holds(code);
  }

  private holds(code: number): boolean {
    return this.inside(code) !== this.parts.negated;
  }

  private inside(code: number): boolean {
    const { ascii, fold } = this.parts;
    if (this.inRanges(code)) return true;
    for (const category of this.categories) if (inCategory(category, code, ascii)) return true;
    return fold && this.ranges.length > 0 && sameInAnyCase(code, ascii).some((other) => this.inRanges(other));
  }

  private inRanges(code: number): boolean {
    const { ranges } = this;
    let [low, high] = [0, ranges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ranges[middle] as Range)[1] < code) low = middle + 1;
      else high = middle;
    }
    return low < ranges.length && (ranges[low] as Range)[0] <= code;
  }
}

/** Sorted, and without overlap. */
function merged(ranges: readonly Range[]): readonly Range[] {
  const result: [number, number][] = [];
  for (const [low, high] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else result.push([low, high]);
  }
  return result;
}
