import { Budget } from '../budget';
import type { Value } from '../python/values';
import type { Node } from './ast';
import { Context } from './context';
import { Engine } from './engine';
import { library } from './library';
import { parseYaql } from './parser';
import { declare } from './signature';
import type { FunctionSpec } from './signature';
import { fromOutside, toOutside } from './values';

/** A function of the host: values by position and by name. `signature` as in signature.ts: `ctx(key: str=)`. */
export interface HostFunction {
  signature: string;
  call(args: readonly Value[]): Value;
}
export type YaqlFunctions = ReturnType<typeof library>;

const CACHE_SIZE = 2_000;
const MAX_CACHED_LENGTH = 10_000;
const cache = new Map<string, Node>();

/** The tree of an expression, from the cache of recently used ones. Throws EXPRESSION_SYNTAX, EXPRESSION_BOUND. */
export function compileYaql(text: string): Node {
  const known = cache.get(text);
  if (known) return known;
  const tree = parseYaql(text);
  if (text.length <= MAX_CACHED_LENGTH) {
    if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value as string);
    cache.set(text, tree);
  }
  return tree;
}

/** yaql's standard library with functions of the host; make it once, use it often. */
export function yaqlFunctions(host: readonly HostFunction[]): YaqlFunctions {
  const specs = host.map(({ signature, call }): FunctionSpec =>
    declare('function', signature, (args) => fromOutside(call(args.list.map((arg) => (arg ?? null) as Value)))),
  );
  return library(specs);
}

/**
 * Evaluates YAQL as Orquesta's engine does (tuples leave as lists, `$` is null unless given). Throws EXPRESSION_SYNTAX, EXPRESSION_FAILED (its
 * `type` is the name of yaql's exception), EXPRESSION_BOUND.
 */
export function evaluateYaql(
  text: string,
  { functions, data = null, budget = new Budget() }: { functions: YaqlFunctions; data?: Value; budget?: Budget },
): Value {
  const context = new Context();
  if (data !== null) context.set('1', fromOutside(data));
  return toOutside(new Engine(functions, budget).evaluate(compileYaql(text), context), budget);
}
