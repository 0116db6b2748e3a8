import { canonical } from './case-fold';
import { width } from './syntax';
import type { Node } from './syntax';

/** What is known of where a match can begin; all of it only saves attempts. */
export interface Prefix {
  /** The match begins at the start of the text or nowhere. */
  anchored: boolean;
  /** Text every match begins with; empty when unknown. */
  literal: string;
  /** True for a character (index 256: any beyond Latin-1) that can be the first; null when unknown. */
  first: Uint8Array | null;
}

const BEYOND = 256;
/** A longer literal makes looking for it no faster, and can make it slow. */
const MAX_LITERAL = 32;

export function prefixOf(root: Node): Prefix {
  const items = flat(root);
  return { anchored: isAnchored(items[0]), literal: literalOf(items), first: firstOf(root) };
}

/** The items that are matched one after the other at the top. */
function flat(node: Node): Node[] {
  if (node.type === 'sequence') return node.items.flatMap(flat);
  return node.type === 'group' || node.type === 'plain-group' ? flat(node.item) : [node];
}

function isAnchored(node: Node | undefined): boolean {
  if (node?.type === 'branch') return node.options.every((option) => isAnchored(flat(option)[0]));
  return node?.type === 'at' && node.position === 'start';
}

function literalOf(items: readonly Node[]): string {
  let text = '';
  for (const item of items) {
    if (item.type !== 'char' || item.fold || text.length >= MAX_LITERAL) break;
    text += String.fromCodePoint(item.code);
  }
  return text;
}

function firstOf(root: Node): Uint8Array | null {
  if (width(root).low === 0) return null;
  const table = new Uint8Array(BEYOND + 1);
  return collect(root, table) ? table : null;
}

/** Adds the characters a node may begin with; false when they are not known. */
// eslint-disable-next-line complexity -- a case per kind of node
function collect(node: Node, table: Uint8Array): boolean {
  switch (node.type) {
    case 'char':
      addChar(node, table);
      return true;
    case 'set':
      for (let code = 0; code < BEYOND; code += 1) if (node.set.has(code)) table[code] = 1;
      table[BEYOND] = 1;
      return true;
    case 'sequence':
      for (const item of node.items) {
        if (item.type === 'at' || item.type === 'look') continue;
        if (!collect(item, table)) return false;
        if (width(item).low > 0) return true;
      }
      return true;
    case 'branch':
      return node.options.every((option) => width(option).low > 0 && collect(option, table));
    case 'repeat':
      return node.max > 0 && collect(node.item, table);
    case 'group':
    case 'plain-group':
    case 'atomic':
      return collect(node.item, table);
    case 'any':
    case 'at':
    case 'look':
    case 'reference':
    case 'conditional':
      return false;
  }
}

function addChar(node: Extract<Node, { type: 'char' }>, table: Uint8Array): void {
  if (!node.fold) {
    table[Math.min(node.code, BEYOND)] = 1;
    return;
  }
  const same = canonical(node.code, node.ascii);
  for (let code = 0; code < BEYOND; code += 1) if (canonical(code, node.ascii) === same) table[code] = 1;
  table[BEYOND] = 1;
}
