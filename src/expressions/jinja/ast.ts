import type { Value } from '../python/values';

/** Syntax tree of Jinja. Nodes are plain data; `at` is the offset in the template. */
export type Expr = ExprBody & { at: number };
type ExprBody =
  | { type: 'constant'; value: Value }
  | { type: 'name'; name: string }
  | { type: 'tuple' | 'list' | 'concat'; items: Expr[] }
  | { type: 'dict'; entries: [Expr, Expr][] }
  | { type: 'attribute'; object: Expr; name: string }
  | { type: 'item'; object: Expr; key: Expr }
  | { type: 'slice'; start: Expr | null; stop: Expr | null; step: Expr | null }
  | { type: 'call'; callee: Expr; args: Arguments }
  | { type: 'filter'; input: Expr | null; name: string; args: Arguments }
  | { type: 'test'; input: Expr; name: string; args: Arguments }
  | { type: 'not'; operand: Expr }
  | { type: 'sign'; operator: '-' | '+'; operand: Expr }
  | { type: 'binary'; operator: ArithmeticOperator; left: Expr; right: Expr }
  | { type: 'and' | 'or'; left: Expr; right: Expr }
  | { type: 'compare'; first: Expr; rest: { operator: CompareOperator; operand: Expr }[] }
  | { type: 'condition'; test: Expr; then: Expr; otherwise: Expr | null };

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

export interface Arguments {
  positional: Expr[];
  named: [string, Expr][];
  /** `*args` and `**kwargs`. */
  rest: Expr | null;
  namedRest: Expr | null;
}

/** What can be assigned to: a name, an attribute of a namespace, a tuple of targets. */
export type Target =
  | { type: 'name'; name: string }
  | { type: 'member'; name: string; attribute: string }
  | { type: 'targets'; items: Target[] };

export interface Signature {
  params: string[];
  /** Of the last parameters. */
  defaults: Expr[];
}

export type Node = NodeBody & { at: number };
type NodeBody =
  | { type: 'text'; text: string }
  | { type: 'output'; expr: Expr }
  | { type: 'if'; branches: { test: Expr; body: Node[] }[]; otherwise: Node[] }
  | {
      type: 'for';
      target: Target;
      iterable: Expr;
      test: Expr | null;
      recursive: boolean;
      body: Node[];
      otherwise: Node[];
    }
  | { type: 'set'; target: Target; value: Expr }
  | { type: 'set-block'; target: Target; filter: Expr | null; body: Node[] }
  | { type: 'with'; bindings: { target: Target; value: Expr }[]; body: Node[] }
  | { type: 'macro'; name: string; signature: Signature; body: Node[] }
  | { type: 'call-block'; signature: Signature; call: Extract<Expr, { type: 'call' }>; body: Node[] }
  | { type: 'filter-block'; filter: Expr; body: Node[] }
  | { type: 'block'; name: string; scoped: boolean; required: boolean; body: Node[] }
  | { type: 'autoescape'; on: Expr; body: Node[] }
  /** Extends, include, import: there is nothing to load from. */
  | { type: 'load'; template: Expr; names: string[] };
