import { arithmetic, signed } from '../python/arithmetic';
import { contains, equals, ordered, truth } from '../python/compare';
import { typeError } from '../errors';
import { iterate } from '../python/iterate';
import type { CallArgs } from '../python/methods';
import { str } from '../python/text';
import { dictEntries, isDict, PyDict, PyTuple, typeName } from '../python/values';
import { Undefined } from '../python/lookups';
import type { Value } from '../python/values';
import { slice } from '../python/subscript';
import { attribute, item } from './access';
import type { Arguments, CompareOperator, Expr } from './ast';
import { callValue } from './callable';
import { leniently, unknown } from './compiling';
import type { Compiling } from './compiling';
import { escaped, markedArithmetic, Markup } from './markup';
import type { Scope } from './scope';

/** A compiled expression. */
export type Code = (scope: Scope) => Value;
type Of<T extends Expr['type']> = Extract<Expr, { type: T }>;

/** Compiles an expression to a closure. Throws EXPRESSION_SYNTAX for a filter or test that isn't there. */
export function compileExpression(expr: Expr, compiling: Compiling): Code {
  compiling.size += 1;
  return (COMPILERS[expr.type] as (expr: Expr, compiling: Compiling) => Code)(expr, compiling);
}

const COMPILERS: { [T in Expr['type']]: (expr: Of<T>, compiling: Compiling) => Code } = {
  constant:
    ({ value }) =>
    () =>
      value,
  name:
    ({ name }) =>
    (scope) =>
      scope.get(name),
  tuple: ({ items }, compiling) => {
    const codes = compileAll(items, compiling);
    return (scope) => new PyTuple(codes.map((code) => code(scope)));
  },
  list: ({ items }, compiling) => {
    const codes = compileAll(items, compiling);
    return (scope) => codes.map((code) => code(scope));
  },
  dict: ({ entries }, compiling) => {
    const codes = entries.map((entry) => compileAll(entry, compiling) as [Code, Code]);
    return (scope) => new PyDict(codes.map(([key, value]) => [key(scope), value(scope)] as const));
  },
  concat: ({ items }, compiling) => {
    const codes = compileAll(items, compiling);
    return (scope) => concatenated(codes, scope);
  },
  attribute: ({ object, name }, compiling) => {
    const code = compileExpression(object, compiling);
    return (scope) => attribute(code(scope), name);
  },
  item: ({ object, key }, compiling) => {
    const code = compileExpression(object, compiling);
    if (key.type === 'slice') {
      const bounds = [key.start, key.stop, key.step].map((part) => (part ? compileExpression(part, compiling) : NONE));
      return (scope) => {
        const [start, stop, step] = bounds.map((bound) => bound(scope)) as [Value, Value, Value];
        return slice(code(scope), { start, stop, step });
      };
    }
    const keyCode = compileExpression(key, compiling);
    return (scope) => item(code(scope), keyCode(scope));
  },
  slice: () => () => new Undefined('a slice stands alone in an index only'),
  call: ({ callee, args }, compiling) => {
    const [code, given] = [compileExpression(callee, compiling), compileArguments(args, compiling)];
    return (scope) => callValue(code(scope), given(scope), scope.run);
  },
  filter: (expr, compiling) => compileFilter(expr, compiling, NONE),
  test: ({ input, name, args, at }, compiling) => {
    const test = compiling.environment.tests.get(name);
    const given = compileArguments(args, compiling, compileExpression(input, compiling));
    if (!test) return unknown(`No test named '${name}'.`, compiling, at);
    return (scope) => test(given(scope), scope.run);
  },
  not: ({ operand }, compiling) => {
    const code = compileExpression(operand, compiling);
    return (scope) => !truth(code(scope));
  },
  sign: ({ operator, operand }, compiling) => {
    const code = compileExpression(operand, compiling);
    return (scope) => signed(operator, code(scope));
  },
  binary: ({ operator, left, right }, compiling) => {
    const [a, b] = [compileExpression(left, compiling), compileExpression(right, compiling)];
    return (scope) => {
      const [x, y] = [a(scope), b(scope)];
      const { budget } = scope.run;
      // Python takes anything with items for the values of a format, and a format without directives for none.
      if (operator === '%' && y instanceof Undefined && typeof x === 'string' && !x.includes('%')) return x;
      const marked = x instanceof Markup || y instanceof Markup ? markedArithmetic(operator, x, y, budget) : undefined;
      return marked ?? arithmetic(operator, x, y, budget);
    };
  },
  and: ({ left, right }, compiling) => {
    const [a, b] = [compileExpression(left, compiling), compileExpression(right, compiling)];
    return (scope) => {
      const first = a(scope);
      return truth(first) ? b(scope) : first;
    };
  },
  or: ({ left, right }, compiling) => {
    const [a, b] = [compileExpression(left, compiling), compileExpression(right, compiling)];
    return (scope) => {
      const first = a(scope);
      return truth(first) ? first : b(scope);
    };
  },
  compare: ({ first, rest }, compiling) => {
    const start = compileExpression(first, compiling);
    const steps = rest.map(({ operator, operand }) => ({ operator, code: compileExpression(operand, compiling) }));
    return (scope) => {
      let left = start(scope);
      for (const { operator, code } of steps) {
        const right = code(scope);
        if (!holds(operator, left, right, scope)) return false;
        left = right;
      }
      return true;
    };
  },
  condition: ({ test, then, otherwise }, compiling) => {
    const code = compileExpression(test, compiling);
    const branch = leniently(compiling);
    const yes = compileExpression(then, branch);
    const no = otherwise ? compileExpression(otherwise, branch) : NO_ELSE;
    compiling.size = branch.size;
    return (scope) => (truth(code(scope)) ? yes(scope) : no(scope));
  },
};

const NONE: Code = () => null;
const NO_ELSE: Code = () =>
  new Undefined(
    'the inline if-expression evaluated to false and no else section was defined.',
    'UndefinedError',
    false,
  );

const compileAll = (items: readonly Expr[], compiling: Compiling): Code[] =>
  items.map((each) => compileExpression(each, compiling));

/** Compiles a chain of filters; `outer` gives what the innermost of them gets when it has no input of its own. */
export function compileFilter({ input, name, args, at }: Of<'filter'>, compiling: Compiling, outer: Code): Code {
  const inner = !input
    ? outer
    : input.type === 'filter'
      ? compileFilter(input, compiling, outer)
      : compileExpression(input, compiling);
  const given = compileArguments(args, compiling, inner);
  const filter = compiling.environment.filters.get(name);
  if (!filter) return unknown(`No filter named '${name}'.`, compiling, at);
  return (scope) => {
    scope.run.budget.step();
    return filter(given(scope), scope.run);
  };
}

const NO_NAMES: ReadonlyMap<string, Value> = new Map();

/** Compiles arguments; what `first` gives goes before the positional ones. */
export function compileArguments(
  { positional, named, rest, namedRest }: Arguments,
  compiling: Compiling,
  first?: Code,
): (scope: Scope) => CallArgs {
  const codes = [...(first ? [first] : []), ...compileAll(positional, compiling)];
  if (named.length === 0 && !rest && !namedRest)
    return (scope) => ({ positional: codes.map((code) => code(scope)), named: NO_NAMES, budget: scope.run.budget });
  const names = named.map(([name, value]) => [name, compileExpression(value, compiling)] as const);
  const [more, moreNamed] = [rest, namedRest].map((each) => each && compileExpression(each, compiling));
  return (scope) => {
    const values = codes.map((code) => code(scope));
    if (more) values.push(...iterate(more(scope)));
    const byName = new Map(names.map(([name, code]) => [name, code(scope)] as const));
    if (moreNamed) for (const [key, value] of namedArguments(moreNamed(scope))) byName.set(key, value);
    return { positional: values, named: byName, budget: scope.run.budget };
  };
}

function namedArguments(value: Value): [string, Value][] {
  if (!isDict(value)) throw typeError(`argument after ** must be a mapping, not ${typeName(value)}`);
  return dictEntries(value).map(([key, each]) => {
    if (typeof key !== 'string') throw typeError('keywords must be strings');
    return [key, each];
  });
}

function concatenated(codes: readonly Code[], scope: Scope): Value {
  const values = codes.map((code) => code(scope));
  const marked = scope.run.autoescape && values.some((value) => value instanceof Markup);
  const text = values.map((value) => (marked ? escaped(value).text : str(value, scope.run.budget))).join('');
  scope.run.budget.output(text.length);
  return marked ? new Markup(text) : text;
}

function holds(operator: CompareOperator, left: Value, right: Value, { run }: Scope): boolean {
  switch (operator) {
    case '==':
      return equals(left, right, run.budget);
    case '!=':
      return !equals(left, right, run.budget);
    case 'in':
      return contains(right, left, run.budget);
    case 'not in':
      return !contains(right, left, run.budget);
    default:
      return ordered(operator, left, right);
  }
}
