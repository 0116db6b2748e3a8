import { arithmetic } from '../../python/arithmetic';
import { contains } from '../../python/compare';
import { textLength } from '../../python/iterate';
import { callMethod } from '../../python/methods';
import { str } from '../../python/text';
import { dictEntries, isInt, PyTuple } from '../../python/values';
import type { Dict, Value } from '../../python/values';
import { failed } from '../../errors';
import { declare } from '../signature';
import type { Args } from '../signature';
import { items } from '../values';

/** A method of Python's text, on the budget of the evaluation. */
const python = ({ env }: Args, name: string, self: Value, ...positional: Value[]): Value =>
  callMethod(self, name, { positional, named: new Map(), budget: env.budget });
const method =
  (name: string, ...defaults: Value[]) =>
  (args: Args): Value =>
    python(
      args,
      name,
      args.value(0),
      ...defaults.map((value, index) => (args.has(index + 1) ? args.value(index + 1) : value)),
    );

/** YAQL's text of a value: its own words for null, true and false, Python's for all else. */
export function yaqlText(value: Value): string {
  if (value === null || typeof value === 'boolean') return String(value);
  return str(value);
}

const joined = (sequence: Value, separator: string, args: Args): string => {
  const { budget } = args.env;
  const texts = [...items(sequence, budget)].map((item) => String(args.env.call('str', [item])));
  budget.output(texts.reduce((sum, text) => sum + text.length + separator.length, 0));
  return texts.join(separator);
};

function substring(args: Args): Value {
  const characters = Array.from(args.text(0));
  const start = args.number(1) < 0 ? args.number(1) + characters.length : args.number(1);
  const length = args.number(2, -1) < 0 ? characters.length : args.number(2);
  const [from, to] = [start, start + length].map((place) => (place < 0 ? place + characters.length : place)) as [
    number,
    number,
  ];
  return characters.slice(Math.max(0, from), Math.max(0, to)).join('');
}

const position = (name: 'find' | 'rfind') => (args: Args) => {
  if (!args.has(3)) return python(args, name, args.value(0), args.value(1), args.number(2));
  const size = textLength(args.text(0));
  const start = args.number(2) < 0 ? args.number(2) + size : args.number(2);
  const length = args.number(3) < 0 ? size - start : args.number(3);
  return python(args, name, args.value(0), args.value(1), start, start + length);
};

const stripped = (args: Args, chars: number): string =>
  String(python(args, 'strip', args.value(0), args.textOr(chars, null)));

const CLASSES: readonly (readonly [string, string])[] = [
  ['digits', '0123456789'],
  ['hexdigits', '0123456789abcdefABCDEF'],
  ['asciiLowercase', 'abcdefghijklmnopqrstuvwxyz'],
  ['asciiUppercase', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  ['asciiLetters', 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  ['letters', 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  ['octdigits', '01234567'],
  ['punctuation', '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'],
  [
    'printable',
    '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~ \t\n\r\x0b\x0c',
  ],
  ['lowercase', 'abcdefghijklmnopqrstuvwxyz'],
  ['uppercase', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  ['whitespace', ' \t\n\r\x0b\x0c'],
];

function hexadecimal(value: Value): string {
  if (!isInt(value)) throw failed("'float' object cannot be interpreted as an integer", 'TypeError');
  return value < 0 ? `-0x${(-BigInt(value)).toString(16)}` : `0x${value.toString(16)}`;
}

/** Text. */
export const STRINGS = [
  declare('function', '#operator_+(left: str, right: str)', (args) =>
    arithmetic('+', args.value(0), args.value(1), args.env.budget),
  ),
  declare('function', '#operator_*(left: str, right: int)', (args) =>
    arithmetic('*', args.value(0), args.value(1), args.env.budget),
  ),
  declare('function', '#operator_*(left: int, right: str)', (args) =>
    arithmetic('*', args.value(0), args.value(1), args.env.budget),
  ),
  declare('function', '#operator_in(left: str, right: str)', (args) => contains(args.value(1), args.value(0))),
  declare('function', 'str(value: any)', (args) => yaqlText(args.value(0))),
  declare('function', 'concat(*args: str)', (args) => args.rest<string>(0).join('')),
  declare('method', 'toUpper(string: str)', method('upper')),
  declare('method', 'toLower(string: str)', method('lower')),
  declare('both', 'len(string: str)', (args) => textLength(args.text(0))),
  declare('method', 'split(string: str, separator: str?=, maxSplits: int=)', method('split', null, -1)),
  declare('method', 'rightSplit(string: str, separator: str?=, maxSplits: int=)', method('rsplit', null, -1)),
  declare('method', 'join(sequence: iter, separator: str)', (args) => joined(args.value(0), args.text(1), args)),
  declare('method', 'join(separator: str, sequence: iter)', (args) => joined(args.value(1), args.text(0), args)),
  declare('method', 'trim(string: str, chars: str?=)', method('strip', null)),
  declare('method', 'trimLeft(string: str, chars: str?=)', method('lstrip', null)),
  declare('method', 'trimRight(string: str, chars: str?=)', method('rstrip', null)),
  declare('both', 'norm(string: str?, chars: str?=)', (args) =>
    args.value(0) === null ? null : stripped(args, 1) || null,
  ),
  declare('both', 'isEmpty(string: str?, trim: bool=, chars: str?=)', (args) => {
    if (args.value(0) === null) return true;
    return (args.flag(1, true) ? stripped(args, 2) : args.text(0)) === '';
  }),
  declare('method', 'replace(string: str, old: str, new: str, count: int=)', (args) => {
    args.env.budget.output(args.text(0).length * (args.text(2).length + 1));
    return python(args, 'replace', args.value(0), args.value(1), args.value(2), args.number(3, -1));
  }),
  declare('method', 'replace(string: str, replacements: map, count: int=)', (args) =>
    dictEntries(args.value(1) as Dict).reduce<Value>(
      (text, [from, to]) => python(args, 'replace', text, yaqlText(from), yaqlText(to), args.number(2, -1)),
      args.value(0),
    ),
  ),
  declare('method', 'substring(string: str, start: int, length: int=)', substring),
  declare('method', 'indexOf(string: str, sub: str, start: int=, length: int=)', position('find')),
  declare('method', 'lastIndexOf(string: str, sub: str, start: int=, length: int=)', position('rfind')),
  declare('method', 'toCharArray(string: str)', (args) => new PyTuple(Array.from(args.text(0)))),
  declare('method', 'startsWith(string: str, *prefixes: str)', (args) =>
    args.rest<string>(1).some((prefix) => args.text(0).startsWith(prefix)),
  ),
  declare('method', 'endsWith(string: str, *suffixes: str)', (args) =>
    args.rest<string>(1).some((suffix) => args.text(0).endsWith(suffix)),
  ),
  declare('function', 'isString(arg: any)', (args) => typeof args.value(0) === 'string'),
  declare('function', 'hex(num: num?)', (args) => hexadecimal(args.value(0))),
  declare('function', `characters(${CLASSES.map(([name]) => `${name}: bool=`).join(', ')})`, (args) => {
    const wanted = CLASSES.filter((_, index) => args.flag(index, false)).map(([, all]) => all);
    return new PyTuple([...new Set(wanted.join(''))]);
  }),
];
