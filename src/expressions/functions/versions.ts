import { valueError } from '../errors';
import { str } from '../python/text';
import type { Value } from '../python/values';

/** A semantic version; `pre` are the parts of what follows `-`. */
interface Version {
  numbers: readonly [number, number, number];
  pre: readonly string[];
}

const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

function parse(value: Value): Version {
  const text = str(value);
  const [, major, minor, patch, pre] = VERSION.exec(text) ?? [];
  if (major === undefined) throw valueError(`${text} is not valid SemVer string`);
  return { numbers: [Number(major), Number(minor), Number(patch)], pre: pre === undefined ? [] : pre.split('.') };
}

/** -1, 0 or 1 by SemVer's precedence. */
export function versionCompare(left: Value, right: Value): number {
  const [a, b] = [parse(left), parse(right)];
  for (const [index, number] of a.numbers.entries()) {
    const difference = number - (b.numbers[index] as number);
    if (difference !== 0) return Math.sign(difference);
  }
  return comparePre(a.pre, b.pre);
}

function comparePre(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return Math.sign(b.length - a.length) && (a.length === 0 ? 1 : -1);
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const result = comparePart(a[index] as string, b[index] as string);
    if (result !== 0) return result;
  }
  return Math.sign(a.length - b.length);
}

function comparePart(a: string, b: string): number {
  const [x, y] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (x && y) return Math.sign(Number(a) - Number(b));
  if (x !== y) return x ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

const OPERATORS: Readonly<Record<string, (order: number) => boolean>> = {
  '>=': (order) => order >= 0,
  '<=': (order) => order <= 0,
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '>': (order) => order > 0,
  '<': (order) => order < 0,
};

/** `version_match('>=1.0.0')`. */
export function versionMatch(value: Value, expression: Value): boolean {
  const [, operator = '', version = ''] = /^(>=|<=|==|!=|>|<)(.+)$/.exec(str(expression)) ?? [];
  const test = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (!test) throw valueError('match_expr parameter should be in format <op><ver>');
  return test(versionCompare(value, version));
}

const bumped =
  (index: number) =>
  (value: Value): string => {
    const { numbers } = parse(value);
    return numbers.map((number, at) => (at < index ? number : at === index ? number + 1 : 0)).join('.');
  };
export const bumpMajor = bumped(0);
export const bumpMinor = bumped(1);
export const bumpPatch = bumped(2);
export const stripPatch = (value: Value): string => parse(value).numbers.slice(0, 2).join('.');
