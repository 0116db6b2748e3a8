import type { Arguments, Expr } from './ast';
import type { Stream } from './stream';

/** How expressions are parsed, and the operand that a test takes without parentheses. */
export interface Grammar {
  expression(stream: Stream): Expr;
  operand(stream: Stream): Expr;
}

const none = (): Arguments => ({ positional: [], named: [], rest: null, namedRest: null });

/** `(a, b=c, *d, **e)`. */
export function parseArguments(stream: Stream, { expression }: Grammar): Arguments {
  const args = none();
  const { at } = stream.expect('(');
  const ensure = (allowed: boolean): void => {
    if (!allowed) stream.fail('invalid syntax for function call expression', at);
  };
  for (let first = true; !stream.is(')'); first = false) {
    if (!first) stream.expect(',');
    if (stream.is(')')) break;
    if (stream.accept('*')) {
      ensure(!args.rest && !args.namedRest);
      args.rest = expression(stream);
    } else if (stream.accept('**')) {
      ensure(!args.namedRest);
      args.namedRest = expression(stream);
    } else if (stream.is('name') && stream.look().kind === '=') {
      ensure(!args.namedRest);
      const name = stream.name();
      stream.expect('=');
      args.named.push([name, expression(stream)]);
    } else {
      ensure(!args.rest && !args.namedRest && args.named.length === 0);
      args.positional.push(expression(stream));
    }
  }
  stream.expect(')');
  return args;
}

function dotted(stream: Stream): string {
  let name = stream.name();
  while (stream.accept('.')) name += `.${stream.name()}`;
  return name;
}

/** What stands behind `|`; without an input it is that of a block. */
export function parseFilterWith(stream: Stream, input: Expr | null, grammar: Grammar): Expr {
  const { at } = stream;
  const name = dotted(stream);
  return { type: 'filter', input, name, args: stream.is('(') ? parseArguments(stream, grammar) : none(), at };
}

const STARTS_ARGUMENT = new Set(['name', 'string', 'integer', 'float', '(', '[', '{']);

/** What stands behind `is`; one argument may do without parentheses. */
export function parseTest(stream: Stream, input: Expr, grammar: Grammar): Expr {
  const { at } = stream;
  const negated = stream.acceptName('not');
  const name = dotted(stream);
  let args = none();
  if (stream.is('(')) args = parseArguments(stream, grammar);
  else if (STARTS_ARGUMENT.has(stream.current.kind) && !stream.isName('else', 'or', 'and')) {
    if (stream.isName('is')) stream.fail('You cannot chain multiple tests with is');
    args = { ...args, positional: [grammar.operand(stream)] };
  }
  const test: Expr = { type: 'test', input, name, args, at };
  return negated ? { type: 'not', operand: test, at } : test;
}
