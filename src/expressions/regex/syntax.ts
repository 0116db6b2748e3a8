import type { CharSet } from './char-set';

/** Python's flag bits. */
export const IGNORECASE = 2;
export const MULTILINE = 8;
export const DOTALL = 16;
export const UNICODE = 32;
export const VERBOSE = 64;
export const ASCII = 256;

export const UNLIMITED = 0x7fffffff;

export type RepeatMode = 'greedy' | 'lazy' | 'possessive';
export type Position = 'start' | 'line-start' | 'end' | 'line-end' | 'string-end' | 'boundary' | 'not-boundary';

/** Syntax tree of a pattern. Codes are code points; `fold` says that case is ignored, `ascii` that only ASCII has case and classes. */
export type Node =
  | { type: 'char'; code: number; fold: boolean; ascii: boolean }
  | { type: 'any'; newline: boolean }
  | { type: 'set'; set: CharSet }
  | { type: 'at'; position: Position; ascii: boolean }
  | { type: 'sequence'; items: Node[] }
  | { type: 'branch'; options: Node[] }
  | { type: 'group'; index: number; item: Node }
  | { type: 'plain-group'; item: Node }
  | { type: 'repeat'; min: number; max: number; mode: RepeatMode; item: Node }
  | { type: 'atomic'; item: Node }
  | { type: 'look'; behind: boolean; negated: boolean; item: Node }
  | { type: 'reference'; group: number; fold: boolean; ascii: boolean; width: Width }
  | { type: 'conditional'; group: number; yes: Node; no: Node };

export interface Parsed {
  root: Node;
  flags: number;
  /** Capturing groups, group 0 not counted. */
  groups: number;
  names: ReadonlyMap<string, number>;
}

/** Fewest and most characters something can match. */
export interface Width {
  low: number;
  high: number;
}

// eslint-disable-next-line complexity -- a case per kind of node
export function width(node: Node): Width {
  switch (node.type) {
    case 'char':
    case 'any':
    case 'set':
      return { low: 1, high: 1 };
    case 'at':
    case 'look':
      return { low: 0, high: 0 };
    case 'sequence':
      return node.items.map(width).reduce(added, { low: 0, high: 0 });
    case 'branch':
      return node.options.map(width).reduce(either);
    case 'group':
    case 'plain-group':
    case 'atomic':
      return width(node.item);
    case 'repeat': {
      const { low, high } = width(node.item);
      return { low: Math.min(low * node.min, UNLIMITED), high: Math.min(high * node.max, UNLIMITED) };
    }
    case 'reference':
      return node.width;
    case 'conditional':
      return either(width(node.yes), width(node.no));
  }
}

const added = (a: Width, b: Width): Width => ({
  low: Math.min(a.low + b.low, UNLIMITED),
  high: Math.min(a.high + b.high, UNLIMITED),
});
const either = (a: Width, b: Width): Width => ({ low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) });
