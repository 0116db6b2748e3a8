import { Budget } from '../budget';
import type { Value } from '../python/values';
import { RecentlyUsed } from '../recently-used';
import type { Node } from './ast';
import { Context } from './context';
import { Engine } from './engine';
import { extended, STANDARD } from './library';
import { parseYaql } from './parser';
import { declare } from './signature';
import type { Functions, FunctionSpec } from './signature';
import { fromOutside, toOutside } from './values';

/** A function of the host. `signature` as in signature.ts: `ctx(key: str=)`; what was not given is null. */
export interface HostFunction {
  signature: string;
  call(args: readonly Value[], budget: Budget): Value;
}

const cache = new RecentlyUsed<Node>({ entries: 2_000, textLength: 10_000 });

/** Functions with those of the host besides, by default over yaql's standard library; made once they serve any number of evaluations. */
export function yaqlFunctions(host: readonly HostFunction[], over: Functions = STANDARD): Functions {
  const specs = host.map(({ signature, call }): FunctionSpec =>
    declare('function', signature, ({ list, env }) =>
      fromOutside(
        call(
          list.map((arg) => (arg ?? null) as Value),
          env.budget,
        ),
      ),
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
  { functions, data = null, budget = new Budget() }: { functions: Functions; data?: Value; budget?: Budget },
): Value {
  const tree = cache.get(text, () => parseYaql(text));
  const context = new Context();
  if (data !== null) context.set('1', fromOutside(data));
  return toOutside(new Engine(functions, budget).evaluate(tree, context), budget);
}
