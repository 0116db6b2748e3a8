import type { Budget } from '../../budget';
import { typeError } from '../../errors';
import { isInt, plain, typeName } from '../values';
import type { Value } from '../values';

/** Arguments as written: by position, by name. */
export interface CallArgs {
  positional: readonly Value[];
  named: ReadonlyMap<string, Value>;
  budget: Budget;
}

/** Arguments in the order of the signature; what wasn't given is undefined. */
export type Bound = readonly (Value | undefined)[];
export type Method<T> = (self: T, args: CallArgs) => Value;

export interface Signature {
  name: string;
  params: readonly string[];
  required: number;
  /** Parameters that can be named come from here on. */
  nameable: number;
  /** Parameters that take any value as it is, a missing one too. */
  raw: ReadonlySet<number>;
}

/**
 * A method with Python's checks of arguments. `spec` reads `split(sep?, maxsplit?)`: `?` marks what may be left out, `/` ends the
 * parameters that can't be named.
 */
export function method<T>(spec: string, body: (self: T, args: Bound, budget: Budget) => Value): [string, Method<T>] {
  const signature = parseSignature(spec);
  return [
    signature.name,
    (self, args) => {
      args.budget.step();
      return body(self, bind(signature, args), args.budget);
    },
  ];
}

/** Reads `name(param, param?, param!)`; `!` after a name (before `?`) takes the value as it is. */
export function parseSignature(spec: string): Signature {
  const open = spec.indexOf('(');
  const words = spec
    .slice(open + 1, -1)
    .split(', ')
    .filter((word) => word !== '');
  const slash = words.indexOf('/');
  const names = words.filter((word) => word !== '/');
  return {
    name: spec.slice(0, open),
    params: names.map((word) => word.replace(/[?!]/g, '')),
    required: names.filter((word) => !word.endsWith('?')).length,
    nameable: slash < 0 ? 0 : slash,
    raw: new Set(names.flatMap((word, index) => (word.includes('!') ? index : []))),
  };
}

/** Arguments in the order of the signature. Throws TypeError where Python does, UndefinedError for a missing value. */
export function bind(signature: Signature, { positional, named }: CallArgs): Bound {
  const { name, params, required, nameable, raw } = signature;
  const taken = (value: Value, index: number): Value => (raw.has(index) ? value : plain(value));
  const given = positional.length + named.size;
  if (given > params.length) throw typeError(tooMany(signature, given));
  const bound: (Value | undefined)[] = positional.map(taken);
  for (const [key, value] of named) {
    const index = params.indexOf(key);
    if (index < nameable) throw typeError(`${name}() got an unexpected keyword argument '${key}'`);
    if (index < positional.length) throw typeError(`argument for ${name}() given by name ('${key}') and position`);
    bound[index] = taken(value, index);
  }
  for (let index = 0; index < required; index += 1)
    if (bound[index] === undefined)
      throw typeError(`${name}() missing required argument '${params[index]}' (pos ${index + 1})`);
  return bound;
}

function tooMany({ name, params }: Signature, given: number): string {
  if (params.length === 0) return `${name}() takes no arguments (${given} given)`;
  return `${name}() takes at most ${params.length} argument${params.length === 1 ? '' : 's'} (${given} given)`;
}

/** A text argument. Throws TypeError. */
export function text(value: Value | undefined, what = 'argument'): string {
  if (typeof value === 'string') return value;
  throw typeError(`${what} must be str, not ${typeName(value)}`);
}

/** A text argument, or null for None or when it wasn't given. */
export const textOrNone = (value: Value | undefined): string | null =>
  value === undefined || value === null ? null : text(value);

/** A whole number argument; `otherwise` when it wasn't given. Throws TypeError. */
export function whole(value: Value | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (isInt(value) || typeof value === 'boolean') return Number(value);
  throw typeError(`'${typeName(value)}' object cannot be interpreted as an integer`);
}

/** A position as slices take it: null for None or when it wasn't given. */
export function indexOrNone(value: Value | undefined): number | null {
  if (value === undefined || value === null) return null;
  if (isInt(value) || typeof value === 'boolean') return Number(value);
  throw typeError('slice indices must be integers or None or have an __index__ method');
}
