import { repr } from '../python/text';
import type { Arguments, Expr, Node, Signature, Target } from './ast';

/** Writes an expression so that parsing it gives the same tree: in parentheses wherever one could be needed. */
// eslint-disable-next-line complexity -- one total switch over the node types
export function printExpression(expr: Expr): string {
  switch (expr.type) {
    case 'constant':
      return repr(expr.value);
    case 'name':
      return expr.name;
    case 'tuple':
      return `(${expr.items.map((item) => `${printExpression(item)},`).join(' ')})`;
    case 'list':
      return `[${list(expr.items)}]`;
    case 'concat':
      return `(${expr.items.map(printExpression).join(' ~ ')})`;
    case 'dict':
      return `{${expr.entries.map(([key, value]) => `${printExpression(key)}: ${printExpression(value)}`).join(', ')}}`;
    case 'attribute':
      return `${operand(expr.object)}.${expr.name}`;
    case 'item':
      return `${operand(expr.object)}[${expr.key.type === 'tuple' ? subscripts(expr.key.items) : printExpression(expr.key)}]`;
    case 'slice':
      return [expr.start, expr.stop, expr.step].map((part) => (part ? printExpression(part) : '')).join(':');
    case 'call':
      return `${operand(expr.callee)}(${printArguments(expr.args)})`;
    case 'filter':
      return `(${expr.input ? `${printExpression(expr.input)} | ` : ''}${filterText(expr)})`;
    case 'test':
      return `(${printExpression(expr.input)} is ${expr.name}(${printArguments(expr.args)}))`;
    case 'not':
      return `(not ${printExpression(expr.operand)})`;
    case 'sign':
      return `(${expr.operator}${operand(expr.operand)})`;
    case 'binary':
      return `(${printExpression(expr.left)} ${expr.operator} ${printExpression(expr.right)})`;
    case 'and':
    case 'or':
      return `(${printExpression(expr.left)} ${expr.type} ${printExpression(expr.right)})`;
    case 'compare': {
      const rest = expr.rest.map(({ operator, operand: right }) => ` ${operator} ${printExpression(right)}`);
      return `(${printExpression(expr.first)}${rest.join('')})`;
    }
    case 'condition': {
      const otherwise = expr.otherwise ? ` else ${printExpression(expr.otherwise)}` : '';
      return `(${printExpression(expr.then)} if ${printExpression(expr.test)}${otherwise})`;
    }
  }
}

const list = (items: readonly Expr[]): string => items.map(printExpression).join(', ');

/** Several subscripts in one pair of brackets are a tuple, which may hold slices; a tuple without any is one. */
const subscripts = (items: readonly Expr[]): string =>
  items.some(({ type }) => type === 'slice') || items.length > 1
    ? list(items)
    : printExpression({ type: 'tuple', items: [...items], at: 0 });

/** What can have an attribute, an index or a call behind it without parentheses. */
function operand(expr: Expr): string {
  const text = printExpression(expr);
  return expr.type === 'constant' && typeof expr.value !== 'string' ? `(${text})` : text;
}

type FilterExpr = Extract<Expr, { type: 'filter' }>;
const filterText = ({ name, args }: FilterExpr): string => `${name}(${printArguments(args)})`;

function printArguments({ positional, named, rest, namedRest }: Arguments): string {
  const parts = [
    ...positional.map(printExpression),
    ...named.map(([name, value]) => `${name}=${printExpression(value)}`),
    ...(rest ? [`*${printExpression(rest)}`] : []),
    ...(namedRest ? [`**${printExpression(namedRest)}`] : []),
  ];
  return parts.join(', ');
}

function printTarget(target: Target): string {
  if (target.type === 'name') return target.name;
  if (target.type === 'member') return `${target.name}.${target.attribute}`;
  return `(${target.items.map((item) => `${printTarget(item)},`).join(' ')})`;
}

function printSignature({ params, defaults }: Signature): string {
  const first = params.length - defaults.length;
  const parts = params.map((param, index) => {
    const fallback = defaults[index - first];
    return fallback ? `${param}=${printExpression(fallback)}` : param;
  });
  return `(${parts.join(', ')})`;
}

/** The filters of a block in the order they are written. */
function filterChain(filter: Expr): string {
  if (filter.type !== 'filter') return printExpression(filter);
  return `${filter.input ? `${filterChain(filter.input)} | ` : ''}${filterText(filter)}`;
}

/** Tags that leave the white space around them alone. */
const tag = (content: string): string => `{%+ ${content} +%}`;
const block = (name: string, open: string, body: readonly Node[]): string =>
  `${tag(`${name}${open === '' ? '' : ` ${open}`}`)}${printTemplate(body)}${tag(`end${name}`)}`;

/** Writes a template so that parsing it gives the same nodes. */
export const printTemplate = (nodes: readonly Node[]): string => nodes.map(printNode).join('');

// eslint-disable-next-line complexity -- one total switch over the statements
function printNode(node: Node): string {
  switch (node.type) {
    case 'text':
      return `{%+ raw %}${node.text}{%+ endraw +%}`;
    case 'output':
      return `{{ ${printExpression(node.expr)} }}`;
    case 'if': {
      const branches = node.branches.map(
        ({ test, body }, index) =>
          `${tag(`${index === 0 ? 'if' : 'elif'} ${printExpression(test)}`)}${printTemplate(body)}`,
      );
      const otherwise = node.otherwise.length > 0 ? tag('else') + printTemplate(node.otherwise) : '';
      return `${branches.join('')}${otherwise}${tag('endif')}`;
    }
    case 'for': {
      const test = node.test ? ` if ${printExpression(node.test)}` : '';
      const open = `for ${printTarget(node.target)} in ${printExpression(node.iterable)}${test}`;
      const otherwise = node.otherwise.length > 0 ? tag('else') + printTemplate(node.otherwise) : '';
      return `${tag(open + (node.recursive ? ' recursive' : ''))}${printTemplate(node.body)}${otherwise}${tag('endfor')}`;
    }
    case 'set':
      return tag(`set ${printTarget(node.target)} = ${printExpression(node.value)}`);
    case 'set-block': {
      const filter = node.filter ? ` | ${filterChain(node.filter)}` : '';
      return block('set', `${printTarget(node.target)}${filter}`, node.body);
    }
    case 'with': {
      const bindings = node.bindings.map(({ target, value }) => `${printTarget(target)} = ${printExpression(value)}`);
      return block('with', bindings.join(', '), node.body);
    }
    case 'macro':
      return block('macro', `${node.name}${printSignature(node.signature)}`, node.body);
    case 'call-block': {
      const signature = node.signature.params.length > 0 ? printSignature(node.signature) : '';
      return block('call', `${signature} ${printExpression(node.call)}`.trim(), node.body);
    }
    case 'filter-block':
      return block('filter', filterChain(node.filter), node.body);
    case 'block': {
      const marks = `${node.scoped ? ' scoped' : ''}${node.required ? ' required' : ''}`;
      return block('block', `${node.name}${marks}`, node.body);
    }
    case 'autoescape':
      return block('autoescape', printExpression(node.on), node.body);
    case 'load':
      return tag(
        node.names.length > 0
          ? `from ${printExpression(node.template)} import ${node.names.join(', ')}`
          : `include ${printExpression(node.template)}`,
      );
  }
}
