import type { Expr, Node, Target } from './ast';
import { MUTATING } from './callable';

/** What a template uses, found without rendering it. */
export interface Uses {
  /** Names it reads that no block of its own binds before. Source: Jinja's `find_undeclared_variables`, names of the language included. */
  names: ReadonlySet<string>;
  /** Whether it may change a value it is given (a method such as `append` is named). */
  changes: boolean;
}

/** Looks through a template's nodes. */
export function usesOf(nodes: readonly Node[]): Uses {
  const finder = new Finder();
  finder.body(nodes, new Set());
  return finder;
}

type Bound = Set<string>;

class Finder implements Uses {
  readonly names = new Set<string>();
  changes = false;

  body(nodes: readonly Node[], outer: Bound): void {
    const bound = new Set(outer);
    for (const node of nodes) this.node(node, bound);
  }

  // eslint-disable-next-line complexity -- one total switch over the statements
  private node(node: Node, bound: Bound): void {
    switch (node.type) {
      case 'text':
        return;
      case 'output':
        return this.expr(node.expr, bound);
      case 'if':
        for (const { test, body } of node.branches) {
          this.expr(test, bound);
          body.forEach((each) => this.node(each, bound));
        }
        return node.otherwise.forEach((each) => this.node(each, bound));
      case 'for': {
        this.expr(node.iterable, bound);
        const inner = new Set(bound).add('loop');
        bindNames(node.target, inner);
        if (node.test) this.expr(node.test, inner);
        this.body(node.body, inner);
        return this.body(node.otherwise, bound);
      }
      case 'set':
        this.expr(node.value, bound);
        if (node.target.type === 'member') this.name(node.target.name, bound);
        return bindNames(node.target, bound);
      case 'set-block':
        this.body(node.body, bound);
        if (node.filter) this.expr(node.filter, bound);
        return bindNames(node.target, bound);
      case 'with': {
        const inner = new Set(bound);
        for (const { target, value } of node.bindings) {
          this.expr(value, bound);
          bindNames(target, inner);
        }
        return this.body(node.body, inner);
      }
      case 'macro':
        bound.add(node.name);
        return this.macro(node, bound);
      case 'call-block':
        this.expr(node.call, bound);
        return this.macro(node, bound);
      case 'filter-block':
        this.expr(node.filter, bound);
        return this.body(node.body, bound);
      case 'block':
        return this.body(node.body, bound);
      case 'autoescape':
        this.expr(node.on, bound);
        return this.body(node.body, bound);
      case 'load':
        this.expr(node.template, bound);
        return node.names.forEach((name) => bound.add(name));
    }
  }

  private macro({ signature, body }: Pick<Extract<Node, { type: 'macro' }>, 'signature' | 'body'>, bound: Bound): void {
    const inner = new Set([...bound, ...signature.params]);
    signature.defaults.forEach((each) => this.expr(each, bound));
    this.body(body, inner);
  }

  private name(name: string, bound: Bound): void {
    if (!bound.has(name)) this.names.add(name);
  }

  /** Every expression within is found by its shape: an object with a type. */
  private expr(value: unknown, bound: Bound): void {
    if (Array.isArray(value)) return value.forEach((each) => this.expr(each, bound));
    if (typeof value !== 'object' || value === null || !('type' in value)) return this.args(value, bound);
    const expr = value as Expr;
    if (expr.type === 'name') return this.name(expr.name, bound);
    if (expr.type === 'constant') {
      if (typeof expr.value === 'string' && MUTATING.has(expr.value)) this.changes = true;
      return;
    }
    if (expr.type === 'attribute' && MUTATING.has(expr.name)) this.changes = true;
    Object.values(expr).forEach((each: unknown) => this.expr(each, bound));
  }

  private args(value: unknown, bound: Bound): void {
    if (typeof value === 'object' && value !== null)
      Object.values(value).forEach((each: unknown) => this.expr(each, bound));
  }
}

function bindNames(target: Target, bound: Bound): void {
  if (target.type === 'name') bound.add(target.name);
  else if (target.type === 'targets') target.items.forEach((each) => bindNames(each, bound));
}
