import type { ArithmeticOperator, CompareOperator, Expr } from './ast';
import { parseArguments, parseFilterWith, parseTest } from './filter-parser';
import type { Grammar } from './filter-parser';
import type { Stream } from './stream';
import type { Value } from '../python/values';

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=']);
const CONSTANTS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);

const GRAMMAR: Grammar = {
  expression: parseExpression,
  operand: (stream) => parsePostfix(stream, parsePrimary(stream)),
};

/** What stands behind `|`; without an input it is that of a block. */
export const parseFilter = (stream: Stream, input: Expr | null): Expr => parseFilterWith(stream, input, GRAMMAR);

/** `a if b else c` and everything that binds closer. */
export function parseExpression(stream: Stream): Expr {
  return stream.nested(() => {
    let node = parseOr(stream);
    while (stream.isName('if')) {
      const { at } = stream.next();
      const test = parseOr(stream);
      const otherwise = stream.acceptName('else') ? parseExpression(stream) : null;
      node = { type: 'condition', test, then: node, otherwise, at };
    }
    return node;
  });
}

interface TupleOptions {
  /** Without a condition at the end, as in `for x in y if z`. */
  withoutCondition?: boolean;
  /** In parentheses, where nothing is the empty tuple. */
  inParentheses?: boolean;
  /** Names that end it. */
  until?: readonly string[];
}

/** One expression, or several with commas between: a tuple. */
export function parseTuple(stream: Stream, options: TupleOptions = {}): Expr {
  const { at } = stream;
  const items: Expr[] = [];
  let isTuple = false;
  for (;;) {
    if (items.length > 0) stream.expect(',');
    if (endsTuple(stream, options)) break;
    items.push(options.withoutCondition ? parseOr(stream) : parseExpression(stream));
    if (!stream.is(',')) break;
    isTuple = true;
  }
  const [only] = items;
  if (!isTuple && only) return only;
  if (!isTuple && !options.inParentheses) stream.fail('Expected an expression');
  return { type: 'tuple', items, at };
}

const endsTuple = (stream: Stream, { until = [] }: TupleOptions): boolean =>
  ['}}', '%}', ')'].includes(stream.current.kind) || stream.isName(...until);

function parseOr(stream: Stream): Expr {
  let left = parseAnd(stream);
  while (stream.isName('or')) left = { at: stream.next().at, type: 'or', left, right: parseAnd(stream) };
  return left;
}

function parseAnd(stream: Stream): Expr {
  let left = parseNot(stream);
  while (stream.isName('and')) left = { at: stream.next().at, type: 'and', left, right: parseNot(stream) };
  return left;
}

function parseNot(stream: Stream): Expr {
  if (!stream.isName('not')) return parseCompare(stream);
  const { at } = stream.next();
  return { type: 'not', operand: stream.nested(() => parseNot(stream)), at };
}

function parseCompare(stream: Stream): Expr {
  const { at } = stream;
  const first = parseSum(stream);
  const rest: { operator: CompareOperator; operand: Expr }[] = [];
  for (let operator = comparison(stream); operator; operator = comparison(stream))
    rest.push({ operator, operand: parseSum(stream) });
  return rest.length === 0 ? first : { type: 'compare', first, rest, at };
}

function comparison(stream: Stream): CompareOperator | null {
  if (COMPARISONS.has(stream.current.kind)) return stream.next().kind as CompareOperator;
  if (stream.acceptName('in')) return 'in';
  return stream.acceptNames(['not'], 'in') ? 'not in' : null;
}

function parseBinary(stream: Stream, operators: readonly string[], operand: (stream: Stream) => Expr): Expr {
  let left = operand(stream);
  while (operators.includes(stream.current.kind)) {
    const { kind, at } = stream.next();
    left = { type: 'binary', operator: kind as ArithmeticOperator, left, right: operand(stream), at };
  }
  return left;
}

const parseSum = (stream: Stream): Expr => parseBinary(stream, ['+', '-'], parseConcat);
const parseProduct = (stream: Stream): Expr => parseBinary(stream, ['*', '/', '//', '%'], parsePower);
const parsePower = (stream: Stream): Expr => parseBinary(stream, ['**'], parseSigned);

function parseConcat(stream: Stream): Expr {
  const { at } = stream;
  const first = parseProduct(stream);
  if (!stream.is('~')) return first;
  const items = [first];
  while (stream.accept('~')) items.push(parseProduct(stream));
  return { type: 'concat', items, at };
}

const parseSigned = (stream: Stream): Expr => parseUnary(stream, true);

function parseUnary(stream: Stream, withFilters: boolean): Expr {
  const { kind, at } = stream.current;
  const node: Expr =
    kind === '-' || kind === '+'
      ? { type: 'sign', operator: (stream.next(), kind), operand: stream.nested(() => parseUnary(stream, false)), at }
      : parsePrimary(stream);
  const complete = parsePostfix(stream, node);
  return withFilters ? parseFilters(stream, complete) : complete;
}

/** A literal, a name, or something in brackets. */
function parsePrimary(stream: Stream): Expr {
  const { kind, value, at } = stream.current;
  switch (kind) {
    case 'name': {
      stream.next();
      const constant = CONSTANTS.get(value as string);
      return constant === undefined
        ? { type: 'name', name: value as string, at }
        : { type: 'constant', value: constant, at };
    }
    case 'string': {
      let text = '';
      while (stream.is('string')) text += stream.next().value as string;
      return { type: 'constant', value: text, at };
    }
    case 'integer':
    case 'float':
      stream.next();
      return { type: 'constant', value, at };
    case '(': {
      stream.next();
      const inside = parseTuple(stream, { inParentheses: true });
      stream.expect(')');
      return inside;
    }
    case '[':
      stream.next();
      return { type: 'list', items: listed(stream, ']', () => parseExpression(stream)), at };
    case '{':
      stream.next();
      return { type: 'dict', entries: listed(stream, '}', () => dictEntry(stream)), at };
    default:
      return stream.fail(`unexpected '${kind}'`);
  }
}

function listed<T>(stream: Stream, close: string, parse: () => T): T[] {
  const items: T[] = [];
  while (!stream.is(close)) {
    if (items.length > 0) stream.expect(',');
    if (stream.is(close)) break;
    items.push(parse());
  }
  stream.expect(close);
  return items;
}

function dictEntry(stream: Stream): [Expr, Expr] {
  const key = parseExpression(stream);
  stream.expect(':');
  return [key, parseExpression(stream)];
}

/** Attributes, indexes and calls behind a value. */
function parsePostfix(stream: Stream, start: Expr): Expr {
  let node = start;
  for (;;) {
    const { at } = stream;
    if (stream.accept('.')) node = afterDot(stream, node, at);
    else if (stream.accept('[')) node = { type: 'item', object: node, key: subscript(stream), at };
    else if (stream.is('(')) node = { type: 'call', callee: node, args: parseArguments(stream, GRAMMAR), at };
    else return node;
  }
}

function afterDot(stream: Stream, object: Expr, at: number): Expr {
  if (stream.is('name')) return { type: 'attribute', object, name: stream.name(), at };
  if (!stream.is('integer')) stream.fail('expected name or number');
  const token = stream.next();
  return { type: 'item', object, key: { type: 'constant', value: token.value, at: token.at }, at };
}

function subscript(stream: Stream): Expr {
  const { at } = stream;
  const parts = listed(stream, ']', () => subscribed(stream));
  const [only] = parts;
  return parts.length === 1 && only ? only : { type: 'tuple', items: parts, at };
}

function subscribed(stream: Stream): Expr {
  const { at } = stream;
  const part = (): Expr | null => (stream.is(':') || stream.is(']') || stream.is(',') ? null : parseExpression(stream));
  const start = part();
  if (!stream.accept(':')) return start ?? stream.fail('expected an index');
  const stop = part();
  return { type: 'slice', start, stop, step: stream.accept(':') ? part() : null, at };
}

function parseFilters(stream: Stream, start: Expr): Expr {
  let node = start;
  for (;;) {
    const { at } = stream;
    if (stream.accept('|')) node = parseFilter(stream, node);
    else if (stream.acceptName('is')) node = parseTest(stream, node, GRAMMAR);
    else if (stream.is('(')) node = { type: 'call', callee: node, args: parseArguments(stream, GRAMMAR), at };
    else return node;
  }
}
