import { repr } from '../python/text';
import type { Argument, Node } from './ast';
import { BINARY, UNARY } from './parser';

const TIGHTEST = 20;

/** The text of a tree, with no more parentheses than needed: parsing it gives the same tree. */
export function printYaql(node: Node): string {
  return print(node).text;
}

interface Printed {
  text: string;
  /** How tightly its outermost operator binds. */
  binding: number;
}

function print(node: Node): Printed {
  switch (node.kind) {
    case 'constant':
      return { text: constant(node.value), binding: TIGHTEST };
    case 'word':
      return { text: node.name, binding: TIGHTEST };
    case 'variable':
      return { text: node.name === '1' ? '$' : `$${node.name}`, binding: TIGHTEST };
    case 'call':
      return { text: `${node.name}(${list(node.args)})`, binding: TIGHTEST };
    case 'list':
      return { text: `[${list(node.args)}]`, binding: TIGHTEST };
    case 'map':
      return { text: `{${list(node.args)}}`, binding: TIGHTEST };
    case 'index':
      return { text: `${inside(node.object, TIGHTEST)}[${list(node.args)}]`, binding: TIGHTEST };
    case 'unary': {
      const binding = UNARY[node.operator] as number;
      return { text: `${node.operator} ${inside(node.operand, binding)}`, binding };
    }
    case 'binary':
      return binary(node);
  }
}

function binary({ operator, left, right }: Extract<Node, { kind: 'binary' }>): Printed {
  if (operator === '.' || operator === '?.')
    return { text: `${inside(left, TIGHTEST)}${operator}${print(right).text}`, binding: TIGHTEST };
  const binding = BINARY[operator] as number;
  const toTheRight = operator === '->';
  const [l, r] = [inside(left, toTheRight ? binding + 1 : binding), inside(right, toTheRight ? binding : binding + 1)];
  return { text: `${l} ${operator} ${r}`, binding };
}

function inside(node: Node, least: number): string {
  const { text, binding } = print(node);
  return binding < least || (node.kind === 'unary' && least < TIGHTEST && binding < least) ? `(${text})` : text;
}

const list = (args: readonly Argument[]): string =>
  args.map((arg) => (arg ? `${arg.key ? `${printYaql(arg.key)} => ` : ''}${printYaql(arg.value)}` : '')).join(', ');

function constant(value: Extract<Node, { kind: 'constant' }>['value']): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return repr(value);
  return `'${value.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`;
}
