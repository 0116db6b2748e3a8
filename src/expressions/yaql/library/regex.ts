import { compileRegex } from '../../regex/regex';
import type { Match, Regex } from '../../regex/regex';
import { DOTALL, IGNORECASE, MULTILINE } from '../../regex/syntax';
import type { Value } from '../../python/values';
import type { Context } from '../context';
import { declare } from '../signature';
import type { Args } from '../signature';
import { FrozenDict, YaqlIterator, YaqlRegex } from '../values';

const compiled = (value: Value): Regex => (value instanceof YaqlRegex ? value.regex : compileRegex(String(value)));
const found = (args: Args, regex: Value, text: Value): boolean =>
  compiled(regex).search(String(text), args.env.budget) !== null;

/** A method of a regular expression that gets a text, and the same one of a text that gets a regular expression. */
const eitherWay = (name: string, rest: string, body: (args: Args, regex: Regex, text: string) => Value) => [
  declare('method', `${name}(regexp: regex, string: str, ${rest})`, (args) =>
    body(args, compiled(args.value(0)), args.text(1)),
  ),
  declare('method', `${name}(string: str, regexp: regex, ${rest})`, (args) =>
    body(args, compiled(args.value(1)), args.text(0)),
  ),
];

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

/** As often as the argument at `count` says, on the budget of the evaluation. */
const searching = (args: Args, count: number) => ({ count: args.number(count), budget: args.env.budget });

const SPECIAL = /[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g;

/** Regular expressions. */
export const REGEX = [
  declare('function', 'regex(pattern: str, ignoreCase: bool=, multiLine: bool=, dotAll: bool=)', (args) => {
    const flags = [IGNORECASE, MULTILINE, DOTALL].filter((_, index) => args.flag(index + 1, false));
    const all = flags.reduce((sum, flag) => sum | flag, 0);
    return new YaqlRegex(compileRegex(args.text(0), all));
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
  ...eitherWay('split', 'maxSplit: int=', (args, regex, text) => regex.split(text, searching(args, 2))),
  ...eitherWay('replace', 'repl: str, count: int=', (args, regex, text) =>
    regex.sub(text, args.text(2), searching(args, 3)),
  ),
  ...eitherWay('replaceBy', 'repl: lambda, count: int=', (args, regex, text) =>
    regex.sub(text, (match) => String(args.lambda(2)([], published(match, args.env.context))), searching(args, 3)),
  ),
  declare('function', 'escapeRegex(string: str)', (args) => args.text(0).replace(SPECIAL, (char) => `\\${char}`)),
  declare('function', 'isRegex(value: any)', (args) => args.value(0) instanceof YaqlRegex),
];
