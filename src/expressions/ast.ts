/** Syntax tree of the Jinja slice. Nodes are plain data, so that a compiled template can be walked and cached. */
export type Expr =
  | { type: 'literal'; value: null | boolean | number | string }
  | { type: 'name'; name: string }
  | { type: 'list'; items: Expr[] }
  | { type: 'dict'; entries: [Expr, Expr][] }
  | { type: 'attribute'; object: Expr; name: string }
  | { type: 'item'; object: Expr; key: Expr }
  | { type: 'slice'; object: Expr; start: Expr | null; stop: Expr | null; step: Expr | null }
  | { type: 'call'; callee: Expr; args: Arguments }
  | { type: 'filter'; input: Expr; name: string; args: Arguments }
  | { type: 'test'; input: Expr; name: string; args: Arguments; negated: boolean }
  | { type: 'unary'; operator: '-' | '+' | 'not'; operand: Expr }
  | { type: 'binary'; operator: ArithmeticOperator; left: Expr; right: Expr }
  | { type: 'logic'; operator: 'and' | 'or'; left: Expr; right: Expr }
  | { type: 'compare'; first: Expr; rest: { operator: CompareOperator; operand: Expr }[] }
  | { type: 'ternary'; condition: Expr; then: Expr; otherwise: Expr | null };

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**' | '~';
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

export interface Arguments {
  positional: Expr[];
  named: [string, Expr][];
}

export type Node =
  | { type: 'text'; text: string }
  | { type: 'output'; expr: Expr }
  | { type: 'if'; branches: { condition: Expr; body: Node[] }[]; otherwise: Node[] }
  | { type: 'for'; targets: string[]; iterable: Expr; condition: Expr | null; body: Node[]; otherwise: Node[] }
  | { type: 'set'; targets: string[]; value: Expr }
  | { type: 'set-block'; target: string; body: Node[] };
