import { compileRegex } from '../../regex/regex';
import type { Match, Regex } from '../../regex/regex';
import type { Value } from '../../python/values';
import type { Context } from '../context';
import { declare } from '../signature';
import type { Args } from '../signature';
import { FrozenDict, YaqlIterator, YaqlRegex } from '../values';

/** Bits of Python's flags. */
const [IGNORE_CASE, MULTI_LINE, DOT_ALL] = [2, 8, 16];
const compiled = (value: Value): Regex => (value instanceof YaqlRegex ? value.regex : compileRegex(String(value)));
const found = (args: Args, regex: Value, text: Value): boolean =>
  compiled(regex).search(String(text), args.env.budget) !== null;

/** The groups of a match as `$1` (all of it), `$2` …. */
function published(match: Match, outer: Context): Context {
  const context = outer.child();
  const groups = [match.group(), ...match.allGroups()];
  groups.forEach((value, index) =>
    context.set(
      String(index + 1),
      new FrozenDict([
        ['value', value],
        ['start', match.start(index)],
        ['end', match.end(index)],
      ]),
    ),
  );
  return context;
}

function* searchAll(args: Args): Generator<Value> {
  const selector = args.optional(2);
  for (const match of compiled(args.value(0)).finditer(args.text(1), { budget: args.env.budget })) {
    yield selector ? selector([], published(match, args.env.context)) : match.group();
  }
}

function replaceBy(args: Args, regex: Value, text: string): Value {
  const repl = args.lambda(2);
  return compiled(regex).sub(text, (match) => String(repl([], published(match, args.env.context))), {
    count: args.number(3),
    budget: args.env.budget,
  });
}
const split = (args: Args, regex: Value, text: Value): Value =>
  compiled(regex).split(String(text), { count: args.number(2), budget: args.env.budget });
const replace = (args: Args, regex: Value, text: Value): Value =>
  compiled(regex).sub(String(text), args.text(2), { count: args.number(3), budget: args.env.budget });

const SPECIAL = /[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g;

/** Regular expressions. */
export const REGEX = [
  declare('function', 'regex(pattern: str, ignoreCase: bool=, multiLine: bool=, dotAll: bool=)', (args) => {
    const flags = [IGNORE_CASE, MULTI_LINE, DOT_ALL].filter((_, index) => args.flag(index + 1, false));
    return new YaqlRegex(
      compileRegex(
        args.text(0),
        flags.reduce((sum, flag) => sum + flag, 0),
      ),
    );
  }),
  declare('method', 'matches(regexp: regex, string: str)', (args) => found(args, args.value(0), args.value(1))),
  declare('method', 'matches(string: str, regexp: str)', (args) => found(args, args.value(1), args.value(0))),
  ...['regex', 'str'].flatMap((type) => [
    declare('function', `#operator_=~(string: str, regexp: ${type})`, (args) =>
      found(args, args.value(1), args.value(0)),
    ),
    declare(
      'function',
      `#operator_!~(string: str, regexp: ${type})`,
      (args) => !found(args, args.value(1), args.value(0)),
    ),
  ]),
  declare('method', 'search(regexp: regex, string: str, selector: lambda=)', (args) => {
    const match = compiled(args.value(0)).search(args.text(1), args.env.budget);
    if (!match) return null;
    return args.optional(2)?.([], published(match, args.env.context)) ?? match.group();
  }),
  declare(
    'method',
    'searchAll(regexp: regex, string: str, selector: lambda=)',
    (args) => new YaqlIterator(searchAll(args)),
  ),
  declare('method', 'split(regexp: regex, string: str, maxSplit: int=)', (args) =>
    split(args, args.value(0), args.value(1)),
  ),
  declare('method', 'split(string: str, regexp: regex, maxSplit: int=)', (args) =>
    split(args, args.value(1), args.value(0)),
  ),
  declare('method', 'replace(regexp: regex, string: str, repl: str, count: int=)', (args) =>
    replace(args, args.value(0), args.value(1)),
  ),
  declare('method', 'replace(string: str, regexp: regex, repl: str, count: int=)', (args) =>
    replace(args, args.value(1), args.value(0)),
  ),
  declare('method', 'replaceBy(regexp: regex, string: str, repl: lambda, count: int=)', (args) =>
    replaceBy(args, args.value(0), args.text(1)),
  ),
  declare('method', 'replaceBy(string: str, regexp: regex, repl: lambda, count: int=)', (args) =>
    replaceBy(args, args.value(1), args.text(0)),
  ),
  declare('function', 'escapeRegex(string: str)', (args) => args.text(0).replace(SPECIAL, (char) => `\\${char}`)),
  declare('function', 'isRegex(value: any)', (args) => args.value(0) instanceof YaqlRegex),
];
