import { Budget } from '../budget';
import { ExpressionError, positionOf } from '../errors';
import type { Value } from '../python/values';
import { RecentlyUsed } from '../recently-used';
import type { Node } from './ast';
import { Context } from './context';
import { Engine } from './engine';
import { extended, STANDARD } from './library';
import { parseYaql } from './parser';
import { declare } from './signature';
import type { Functions, FunctionSpec, Outside } from './signature';
import { fromOutside, toOutside } from './values';

/** A function of the host. `signature` as in signature.ts: `ctx(key: str=)`; what was not given is undefined. */
export interface HostFunction {
  signature: string;
  call(
    args: readonly (Value | undefined)[],
    env: { budget: Budget; outside: Outside; named: ReadonlyMap<string, Value> },
  ): Value;
}

interface Evaluation extends Outside {
  functions: Functions;
  /** What `$` is. */
  data?: Value;
  budget?: Budget;
}

const cache = new RecentlyUsed<Node>({ entries: 2_000, textLength: 10_000 });

/** Functions with those of the host besides, by default over yaql's standard library; made once they serve any number of evaluations. */
export function yaqlFunctions(host: readonly HostFunction[], over: Functions = STANDARD): Functions {
  const specs = host.map(({ signature, call }): FunctionSpec =>
    declare('function', signature, ({ list, env, named }) =>
      fromOutside(call(list as readonly (Value | undefined)[], { budget: env.budget, outside: env.outside, named })),
    ),
  );
  return extended(over, specs);
}

/**
 * Evaluates YAQL as Orquesta's engine does (tuples leave as lists, `$` is null unless given). Throws EXPRESSION_SYNTAX, EXPRESSION_FAILED (its
 * `type` is the name of yaql's exception), EXPRESSION_BOUND.
 */
export function evaluateYaql(
  text: string,
  { functions, data = null, budget = new Budget(), ...outside }: Evaluation,
): Value {
  const tree = cache.get(text, () => parseYaql(text));
  const context = new Context();
  if (data !== null) context.set('1', fromOutside(data));
  const engine = new Engine(functions, budget, outside);
  try {
    return toOutside(engine.evaluate(tree, context), budget);
  } catch (error) {
    if (!(error instanceof ExpressionError) || error.facts.line !== undefined) throw error;
    throw new ExpressionError(error.code, error.message, { ...error.facts, ...positionOf(text, engine.at) });
  }
}
