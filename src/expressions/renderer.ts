import type { Node } from './ast';
import type { Budget } from './budget';
import { failed } from './errors';
import { evaluate } from './evaluator';
import { iterate } from './python/access';
import { truth } from './python/compare';
import { str } from './python/text';
import { emptyDict, Undefined } from './python/values';
import type { Value } from './python/values';
import { Scope } from './scope';

/** Renders nodes to text. Throws EXPRESSION_FAILED, EXPRESSION_BOUND. */
export function renderNodes(nodes: readonly Node[], scope: Scope, budget: Budget): string {
  let text = '';
  for (const node of nodes) {
    budget.step();
    const part = renderNode(node, scope, budget);
    if (node.type === 'text' || node.type === 'output') budget.output(part.length);
    text += part;
  }
  return text;
}

function renderNode(node: Node, scope: Scope, budget: Budget): string {
  switch (node.type) {
    case 'text':
      return node.text;
    case 'output':
      return str(evaluate(node.expr, scope, budget));
    case 'if': {
      const branch = node.branches.find(({ condition }) => truth(evaluate(condition, scope, budget)));
      return renderNodes(branch ? branch.body : node.otherwise, scope, budget);
    }
    case 'for':
      return renderFor(node, scope, budget);
    case 'set':
      bind(node.targets, evaluate(node.value, scope, budget), scope);
      return '';
    case 'set-block':
      scope.set(node.target, renderNodes(node.body, new Scope(scope), budget));
      return '';
  }
}

function renderFor(node: Extract<Node, { type: 'for' }>, scope: Scope, budget: Budget): string {
  const kept = iterate(evaluate(node.iterable, scope, budget)).filter((item) => {
    if (!node.condition) return true;
    const inner = new Scope(scope);
    bind(node.targets, item, inner);
    return truth(evaluate(node.condition, inner, budget));
  });
  if (kept.length === 0) return renderNodes(node.otherwise, scope, budget);
  return kept
    .map((item, index) => {
      const inner = new Scope(scope);
      inner.set('loop', loopVariable(index, kept.length));
      bind(node.targets, item, inner);
      return renderNodes(node.body, inner, budget);
    })
    .join('');
}

function loopVariable(index: number, length: number): Value {
  return Object.assign(emptyDict(), {
    index: index + 1,
    index0: index,
    revindex: length - index,
    revindex0: length - index - 1,
    first: index === 0,
    last: index === length - 1,
    length,
  });
}

function bind(targets: readonly string[], value: Value, scope: Scope): void {
  if (value instanceof Undefined) throw failed(value.reason);
  if (targets.length === 1) {
    scope.set(targets[0] as string, value);
    return;
  }
  const items = iterate(value);
  if (items.length !== targets.length) throw failed(`expected ${targets.length} values to unpack, got ${items.length}`);
  targets.forEach((target, index) => scope.set(target, items[index] as Value));
}
