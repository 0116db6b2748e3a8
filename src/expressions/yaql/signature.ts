import type { Budget } from '../budget';
import { PyDateTime } from '../python/datetime';
import { PyTimeDelta } from '../python/timedelta';
import { isDict, isFloat, isInt, PyObject } from '../python/values';
import type { Value } from '../python/values';
import type { Context } from './context';
import { isIterable, isSequence, isSet, Ordering, YaqlFunction, YaqlIterator, YaqlRegex } from './values';

/** An argument that is evaluated when the function wants it, with these values as `$1`, `$2` …, or in a given context. */
export type Lambda = (args: readonly Value[], context?: Context) => Value;
export interface Rule {
  source: Lambda;
  destination: Lambda;
}
export type Arg = Value | Lambda | Rule | undefined;

/** What an evaluation gets from its caller besides the text: it has no clock and no chance of its own. */
export interface Outside {
  /** What the host's functions read. */
  host?: unknown;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** A number from 0 to below 1. */
  chance?: () => number;
}

/** What a function may use besides its arguments. */
export interface Env {
  budget: Budget;
  outside: Outside;
  context: Context;
  call(name: string, args: readonly Value[]): Value;
  callMethod(name: string, receiver: Value, args: readonly Value[]): Value;
}

/** Arguments by position, in the order of the signature; the last holds the rest where the signature says so. */
export class Args {
  constructor(
    readonly list: readonly Arg[],
    readonly env: Env,
    /** Keyword arguments of a function that takes any. */
    readonly named: ReadonlyMap<string, Value> = new Map(),
  ) {}
  value(index: number): Value {
    return (this.list[index] ?? null) as Value;
  }
  /** Whether it was given. */
  has(index: number): boolean {
    return this.list[index] !== undefined;
  }
  text(index: number): string {
    return this.list[index] as string;
  }
  textOr(index: number, otherwise: string | null): string | null {
    return (this.list[index] ?? otherwise) as string | null;
  }
  number(index: number, otherwise = 0): number {
    return Number((this.list[index] as number | bigint | undefined) ?? otherwise);
  }
  flag(index: number, otherwise: boolean): boolean {
    return (this.list[index] ?? otherwise) as boolean;
  }
  lambda(index: number): Lambda {
    return this.list[index] as Lambda;
  }
  optional(index: number): Lambda | undefined {
    return (this.list[index] ?? undefined) as Lambda | undefined;
  }
  rest<T extends Arg = Value>(index: number): T[] {
    return this.list.slice(index) as T[];
  }
}

export interface Param {
  name: string;
  type: ParamType;
  nullable: boolean;
  optional: boolean;
  rest: boolean;
}
export interface FunctionSpec {
  name: string;
  use: 'function' | 'method' | 'both';
  params: readonly Param[];
  /** Keyword arguments are mappings here, not names. */
  takesMappings: boolean;
  /** Any keyword arguments are taken. */
  anyNames: boolean;
  body: (args: Args) => Value;
}

/** Functions by name. */
export type Functions = ReadonlyMap<string, readonly FunctionSpec[]>;

const TYPES = {
  any: () => true,
  str: (value: unknown) => typeof value === 'string',
  // Python's bool is an int.
  int: (value: unknown) => isInt(value) || typeof value === 'boolean',
  num: (value: unknown) => isInt(value) || isFloat(value),
  bool: (value: unknown) => typeof value === 'boolean',
  iter: isIterable,
  once: (value: unknown) => value instanceof YaqlIterator,
  seq: isSequence,
  map: (value: unknown) => isDict(value),
  set: isSet,
  regex: (value: unknown) => value instanceof YaqlRegex,
  order: (value: unknown) => value instanceof Ordering,
  func: (value: unknown) => value instanceof YaqlFunction,
  moment: (value: unknown) => value instanceof PyDateTime,
  span: (value: unknown) => value instanceof PyTimeDelta,
  context: (value: unknown) => value instanceof PyObject && value.typeName === 'Context',
  lambda: () => true,
  rule: () => true,
  word: () => true,
};
export type ParamType = keyof typeof TYPES;
/** Evaluated by the function, not before it. */
export const isLazy = (type: ParamType): boolean => type === 'lambda' || type === 'rule' || type === 'word';

/** Types whose values are also of the other: the closer one wins. */
const CLOSER: Partial<Record<ParamType, readonly ParamType[]>> = {
  seq: ['iter', 'any'],
  set: ['iter', 'any'],
  once: ['iter', 'any'],
  order: ['iter', 'any'],
  str: ['any'],
  int: ['any'],
  num: ['any'],
  map: ['any'],
  iter: ['any'],
  regex: ['any'],
  moment: ['any'],
  span: ['any'],
};
export const isCloser = (a: ParamType, b: ParamType): boolean => CLOSER[a]?.includes(b) ?? false;

export const fits = (param: Param, value: Arg): boolean =>
  value === undefined ? param.optional : value === null ? param.nullable : TYPES[param.type](value);

const ANY_NAMES = '**';

/** Reads `name(a: type, b: type?, c: type =, *rest: type)`; `?` allows null, `=` may be left out, `**` takes any names. */
export function declare(use: FunctionSpec['use'], signature: string, body: FunctionSpec['body']): FunctionSpec {
  const [, name = '', list = ''] = /^([^(]+)\((.*)\)$/.exec(signature) ?? [];
  const params = list
    .split(',')
    .filter((part) => part.trim() !== '' && part.trim() !== ANY_NAMES)
    .map(paramOf);
  const takesMappings = params.some(({ type }) => type === 'rule');
  return { name, use, params, takesMappings, anyNames: list.includes(ANY_NAMES), body };
}

function paramOf(text: string): Param {
  const [, star, name = '', type = 'any', marks = ''] = /^\s*(\*?)(\w+)\s*:\s*(\w+)([?=\s]*)$/.exec(text) ?? [];
  const optional = marks.includes('=');
  return {
    name,
    type: type as ParamType,
    nullable: type === 'any' || marks.includes('?'),
    optional,
    rest: star === '*',
  };
}
