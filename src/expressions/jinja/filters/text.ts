import { failed, typeError } from '../../errors';
import { callMethod } from '../../python/methods';
import { textOrNone, whole } from '../../python/methods/signature';
import { percentFormat } from '../../python/percent-format';
import { length } from '../../python/iterate';
import { splitlines } from '../../python/split';
import { truth } from '../../python/compare';
import { slice } from '../../python/subscript';
import { str } from '../../python/text';
import { isWord } from '../../regex/categories';
import { PyDict, PyTuple, typeName } from '../../python/values';
import type { Value } from '../../python/values';
import type { Filter } from '../environment';
import { Markup } from '../markup';
import type { Run } from '../run';
import { counted, filter } from './declare';
import { wrapped } from './wordwrap';

const NO_NAMES: ReadonlyMap<string, Value> = new Map();

const textOf = (value: Value | undefined, { budget }: Run): string => str(value ?? null, budget);
const call = (text: Value, name: string, positional: readonly Value[], { budget }: Run): Value =>
  callMethod(text, name, { positional, named: NO_NAMES, budget });

/** A filter on text that gives marked text for marked text. */
function textFilter(
  spec: string,
  body: (text: string, args: readonly (Value | undefined)[], run: Run) => Value,
): [string, Filter] {
  const [name, plainly] = filter(spec, ([value, ...args], run) => body(textOf(value, run), args, run));
  return [
    name,
    (args, run) => {
      const [input] = args.positional;
      const result = plainly(args, run);
      return input instanceof Markup ? input.keep(result) : result;
    },
  ];
}

/** Only text has what these filters do; Python's own text for a value is not made. */
function strictly(value: Value | undefined, does: string): string {
  if (typeof value === 'string') return value;
  throw failed(`'${typeName(value)}' object has no attribute '${does}'`, 'AttributeError');
}

const WORDS = /([-\s({[<]+)/u;

function title(text: string, run: Run): string {
  const parts = text.split(WORDS).filter((part) => part !== '');
  const titled = parts.map((part) => {
    const [first = '', ...rest] = Array.from(part);
    return `${str(call(first, 'upper', [], run))}${str(call(rest.join(''), 'lower', [], run))}`;
  });
  return titled.join('');
}

function indent(text: string, { by, first, blank }: { by: string; first: boolean; blank: boolean }): string {
  const lines = splitlines(`${text}\n`, false);
  const margin = first ? by : '';
  if (blank) return margin + lines.join(`\n${by}`);
  const [head = '', ...rest] = lines;
  return margin + [head, ...rest.map((line) => (line === '' ? line : by + line))].join('\n');
}

function truncate(value: Value, [limit, killWords, end, leeway]: readonly (Value | undefined)[], run: Run): Value {
  const tail = str(end ?? '...');
  const most = whole(limit, 255);
  const spare = leeway === undefined || leeway === null ? 5 : whole(leeway, 5);
  const size = length(tail);
  if (most < size) throw failed(`expected length >= ${size}, got ${most}`, 'AssertionError');
  if (spare < 0) throw failed(`expected leeway >= 0, got ${spare}`, 'AssertionError');
  if (length(value) <= most + spare) return value;
  const cut = slice(value, { start: null, stop: most - size, step: null });
  if (typeof cut !== 'string') throw typeError(`can only concatenate ${typeName(cut)} (not "str") to ${typeName(cut)}`);
  if (killWords !== undefined && truth(killWords)) return cut + tail;
  const space = cut.lastIndexOf(' ');
  return counted((space < 0 ? cut : cut.slice(0, space)) + tail, run);
}

function countWords(text: string): number {
  let [count, inside] = [0, false];
  for (const char of text) {
    const word = isWord(char.codePointAt(0) as number, false);
    if (word && !inside) count += 1;
    inside = word;
  }
  return count;
}

const format: Filter = ({ positional: [template = null, ...values], named }, run) => {
  if (values.length > 0 && named.size > 0)
    throw failed("can't handle positional and keyword arguments at the same time", 'FilterArgumentError');
  const given = named.size > 0 ? new PyDict(named) : new PyTuple(values);
  return counted(percentFormat(textOf(template, run), given, run.budget), run);
};

/** Filters on text. */
export const TEXT_FILTERS: readonly [string, Filter][] = [
  textFilter('upper(s)', (text, _, run) => call(text, 'upper', [], run)),
  textFilter('lower(s)', (text, _, run) => call(text, 'lower', [], run)),
  textFilter('capitalize(s)', (text, _, run) => call(text, 'capitalize', [], run)),
  filter('title(s)', ([value], run) => title(textOf(value, run), run)),
  textFilter('center(value, width?)', (text, [width = 80], run) => call(text, 'center', [width], run)),
  textFilter('trim(value, chars?)', (text, [chars = null], run) => call(text, 'strip', [textOrNone(chars)], run)),
  textFilter('string(object)', (text) => text),
  ['format', format],
  filter('indent(s, width?, first?, blank?)', ([value, width = 4, first = false, blank = false], run) => {
    if (typeof value !== 'string')
      throw typeError(`unsupported operand type(s) for +=: '${typeName(value)}' and 'str'`);
    const by = typeof width === 'string' ? width : ' '.repeat(Math.min(Math.max(0, whole(width, 4)), 1_000_000));
    run.budget.output(by.length * (splitlines(value, false).length + 1));
    return counted(indent(value, { by, first: truth(first), blank: truth(blank) }), run);
  }),
  filter('truncate(s, length?, killwords?, end?, leeway?)', ([value = null, ...args], run) =>
    truncate(value, args, run),
  ),
  filter('replace(s, old, new, count?)', ([value, from, to, count = null], run) => {
    const limit = count === null ? -1 : whole(count, -1);
    return call(textOf(value, run), 'replace', [textOf(from, run), textOf(to, run), limit], run);
  }),
  filter('wordcount(s)', ([value], run) => countWords(textOf(value, run))),
  filter(
    'wordwrap(s, width?, break_long_words?, wrapstring?, break_on_hyphens?)',
    ([value, width, breakLong = true, join = null, onHyphens = true], run) => {
      const lines = splitlines(strictly(value, 'splitlines'), false);
      const how = { width: whole(width, 79), breakLong: truth(breakLong), onHyphens: truth(onHyphens) };
      const separator = join === null ? '\n' : str(join);
      return counted(lines.map((line) => wrapped(line, how, run.budget).join(separator)).join(separator), run);
    },
  ),
];
