import type { Value } from '../python/values';

/** Syntax tree of YAQL. `at` is the offset of the node's first character. */
export type Node =
  | { kind: 'constant'; value: Value; at: number }
  /** A bare word: text, and a keyword where one is asked for. */
  | { kind: 'word'; name: string; at: number }
  /** `$`, `$1`, `$name`; the name without the sign, `1` for `$` alone. */
  | { kind: 'variable'; name: string; at: number }
  | { kind: 'call'; name: string; args: readonly Argument[]; at: number }
  | { kind: 'list'; args: readonly Argument[]; at: number }
  | { kind: 'map'; args: readonly Argument[]; at: number }
  | { kind: 'index'; object: Node; args: readonly Argument[]; at: number }
  | { kind: 'unary'; operator: string; operand: Node; at: number }
  | { kind: 'binary'; operator: string; left: Node; right: Node; at: number };

/** An argument; `key` of `key => value`, null for one that was left out. */
export type Argument = null | { key?: Node; value: Node };
