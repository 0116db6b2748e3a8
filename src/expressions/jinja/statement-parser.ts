import { beyondBound } from '../errors';
import type { Expr, Node, Signature, Target } from './ast';
import { parseExpression, parseFilter, parseTuple } from './expression-parser';
import { tokenize } from './lexer';
import { Stream } from './stream';

const MAX_TEMPLATE = 1_000_000;

/** Parses a template. Throws EXPRESSION_SYNTAX with line and column, EXPRESSION_BOUND when it is too long or nested too deeply. */
export function parseTemplate(source: string): Node[] {
  if (source.length > MAX_TEMPLATE) throw beyondBound(`template is longer than ${MAX_TEMPLATE} characters`);
  const stream = new Stream(tokenize(source), source);
  return parseBody(stream, []);
}

const OPEN = '{{ ';

/** Parses an expression without delimiters, as a template that is nothing else. Throws as {@link parseTemplate}. */
export function parseLone(source: string): Node[] {
  if (source.length > MAX_TEMPLATE) throw beyondBound(`expression is longer than ${MAX_TEMPLATE} characters`);
  const tokens = tokenize(`${OPEN}${source} }}`).map((token) => ({
    ...token,
    at: Math.max(0, token.at - OPEN.length),
  }));
  const stream = new Stream(tokens, source);
  const { at } = stream.expect('{{');
  const expr = parseExpression(stream);
  if (!stream.accept('}}') || !stream.is('end')) stream.fail('chunk after expression');
  return [{ type: 'output', expr, at }];
}

/** Nodes up to a tag of these names, whose name is the current token then; without names up to the end. */
function parseBody(stream: Stream, until: readonly string[]): Node[] {
  const nodes: Node[] = [];
  for (;;) {
    const { kind, value, at } = stream.next();
    if (kind === 'end') {
      if (until.length > 0)
        stream.fail(`Unexpected end of template. Jinja was looking for the following tags: '${until.join("' or '")}'.`);
      return nodes;
    }
    if (kind === 'text') nodes.push({ type: 'text', text: value as string, at });
    else if (kind === '{{') {
      nodes.push({ type: 'output', expr: parseTuple(stream), at });
      stream.expect('}}');
    } else {
      if (stream.isName(...until)) return nodes;
      nodes.push(...stream.nested(() => parseStatement(stream, at)));
      stream.expect('%}');
    }
  }
}

/** The body of a tag; its end tag's name was taken. */
function parseBlock(stream: Stream, ...until: string[]): { body: Node[]; end: string } {
  stream.accept(':');
  stream.expect('%}');
  const body = parseBody(stream, until);
  return { body, end: stream.name() };
}
const bodyUntil = (stream: Stream, end: string): Node[] => parseBlock(stream, end).body;

type Statement = (stream: Stream, at: number) => Node | Node[];

function parseStatement(stream: Stream, at: number): Node[] {
  if (!stream.is('name')) stream.fail('tag name expected');
  const tag = stream.name();
  const parse = Object.hasOwn(STATEMENTS, tag) ? STATEMENTS[tag] : undefined;
  if (!parse) return stream.fail(`Encountered unknown tag '${tag}'.`, at);
  return [parse(stream, at)].flat();
}

const STATEMENTS: Readonly<Record<string, Statement>> = {
  if: (stream, at) => {
    const branches: { test: Expr; body: Node[] }[] = [];
    for (;;) {
      const test = parseTuple(stream, { withoutCondition: true });
      const { body, end } = parseBlock(stream, 'elif', 'else', 'endif');
      branches.push({ test, body });
      if (end === 'elif') continue;
      return { type: 'if', branches, otherwise: end === 'else' ? bodyUntil(stream, 'endif') : [], at };
    }
  },
  for: (stream, at) => {
    const target = parseTarget(stream);
    stream.name('in');
    const iterable = parseTuple(stream, { withoutCondition: true, until: ['recursive'] });
    const test = stream.acceptName('if') ? parseExpression(stream) : null;
    const recursive = stream.acceptName('recursive');
    const { body, end } = parseBlock(stream, 'endfor', 'else');
    const otherwise = end === 'else' ? bodyUntil(stream, 'endfor') : [];
    return { type: 'for', target, iterable, test, recursive, body, otherwise, at };
  },
  set: (stream, at) => {
    const target = parseTarget(stream, true);
    if (stream.accept('=')) return { type: 'set', target, value: parseTuple(stream), at };
    const filter = filterChain(stream);
    return { type: 'set-block', target, filter, body: bodyUntil(stream, 'endset'), at };
  },
  with: (stream, at) => {
    const bindings: { target: Target; value: Expr }[] = [];
    while (!stream.is('%}')) {
      if (bindings.length > 0) stream.expect(',');
      const target = parseTarget(stream);
      stream.expect('=');
      bindings.push({ target, value: parseExpression(stream) });
    }
    return { type: 'with', bindings, body: bodyUntil(stream, 'endwith'), at };
  },
  macro: (stream, at) => {
    const name = stream.name();
    const signature = parseSignature(stream);
    return { type: 'macro', name, signature, body: bodyUntil(stream, 'endmacro'), at };
  },
  call: (stream, at) => {
    const signature = stream.is('(') ? parseSignature(stream) : { params: [], defaults: [] };
    const call = parseExpression(stream);
    if (call.type !== 'call') return stream.fail('expected call', at);
    return { type: 'call-block', signature, call, body: bodyUntil(stream, 'endcall'), at };
  },
  filter: (stream, at) => {
    let filter = parseFilter(stream, null);
    while (stream.accept('|')) filter = parseFilter(stream, filter);
    return { type: 'filter-block', filter, body: bodyUntil(stream, 'endfilter'), at };
  },
  block: (stream, at) => {
    const name = stream.name();
    const [scoped, required] = [stream.acceptName('scoped'), stream.acceptName('required')];
    const body = bodyUntil(stream, 'endblock');
    stream.acceptName(name);
    const isBlank = body.every((node) => node.type === 'text' && node.text.trim() === '');
    if (required && !isBlank) stream.fail('Required blocks can only contain comments or whitespace', at);
    return { type: 'block', name, scoped, required, body, at };
  },
  autoescape: (stream, at) => ({
    type: 'autoescape',
    on: parseExpression(stream),
    body: bodyUntil(stream, 'endautoescape'),
    at,
  }),
  print: (stream) => {
    const nodes: Node[] = [];
    while (!stream.is('%}')) {
      if (nodes.length > 0) stream.expect(',');
      nodes.push({ type: 'output', at: stream.at, expr: parseExpression(stream) });
    }
    return nodes;
  },
  extends: (stream, at) => ({ type: 'load', template: parseExpression(stream), names: [], at }),
  include: (stream, at) => {
    const template = parseExpression(stream);
    stream.acceptNames(['ignore'], 'missing');
    stream.acceptNames(['with', 'without'], 'context');
    return { type: 'load', template, names: [], at };
  },
  import: (stream, at) => {
    const template = parseExpression(stream);
    stream.name('as');
    const names = [stream.name()];
    stream.acceptNames(['with', 'without'], 'context');
    return { type: 'load', template, names, at };
  },
  from: (stream, at) => {
    const template = parseExpression(stream);
    stream.name('import');
    const names: string[] = [];
    while (names.length === 0 || stream.accept(',')) {
      if (stream.acceptNames(['with', 'without'], 'context')) break;
      const name = stream.name();
      if (name.startsWith('_')) stream.fail('names starting with an underline can not be imported');
      names.push(stream.acceptName('as') ? stream.name() : name);
    }
    stream.acceptNames(['with', 'without'], 'context');
    return { type: 'load', template, names, at };
  },
};

function filterChain(stream: Stream): Expr | null {
  let filter: Expr | null = null;
  while (stream.accept('|')) filter = parseFilter(stream, filter);
  return filter;
}

function parseSignature(stream: Stream): Signature {
  const signature: Signature = { params: [], defaults: [] };
  stream.expect('(');
  while (!stream.is(')')) {
    if (signature.params.length > 0) stream.expect(',');
    signature.params.push(stream.name());
    if (stream.accept('=')) signature.defaults.push(parseExpression(stream));
    else if (signature.defaults.length > 0) stream.fail('non-default argument follows default argument');
  }
  stream.expect(')');
  return signature;
}

const RESERVED = new Set(['true', 'True', 'false', 'False', 'none', 'None']);

/** `a`, `a, b`, `(a, (b, c))`; with `members` also `a.b`. */
function parseTarget(stream: Stream, members = false): Target {
  const items: Target[] = [];
  let isTuple = false;
  for (;;) {
    if (items.length > 0) stream.expect(',');
    if (stream.is('%}') || stream.is(')') || stream.isName('in')) break;
    items.push(parseOneTarget(stream, members));
    if (!stream.is(',')) break;
    isTuple = true;
  }
  const [only] = items;
  return !isTuple && only ? only : { type: 'targets', items };
}

function parseOneTarget(stream: Stream, members: boolean): Target {
  if (stream.accept('(')) {
    const inside = stream.nested(() => parseTarget(stream, members));
    stream.expect(')');
    return inside;
  }
  if (stream.is('name') && RESERVED.has(stream.current.value as string)) stream.fail("can't assign to 'const'");
  const name = stream.name();
  if (!members || !stream.accept('.')) return { type: 'name', name };
  return { type: 'member', name, attribute: stream.name() };
}
