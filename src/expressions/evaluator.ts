import type { Arguments, CompareOperator, ArithmeticOperator, Expr } from './ast';
import type { Budget } from './budget';
import { failed } from './errors';
import { applyFilter } from './filters';
import { Given } from './filters/filter';
import { callMethod } from './methods';
import { member, slice } from './python/access';
import { arithmetic, signed } from './python/arithmetic';
import { contains, equals, ordered, truth } from './python/compare';
import { str } from './python/text';
import { emptyDict, setKey, Undefined } from './python/values';
import type { Value } from './python/values';
import type { Scope } from './scope';
import { applyTest } from './tests';

const MAX_RANGE = 100_000;

/** Evaluates one expression. Throws EXPRESSION_FAILED, EXPRESSION_BOUND. The result may be {@link Undefined}: using it is the error. */
export function evaluate(expr: Expr, scope: Scope, budget: Budget): Value {
  budget.step();
  return budget.nested(() => evaluateNode(expr, scope, budget));
}

// eslint-disable-next-line complexity -- one total switch over the node types
function evaluateNode(expr: Expr, scope: Scope, budget: Budget): Value {
  const value = (inner: Expr): Value => evaluate(inner, scope, budget);
  switch (expr.type) {
    case 'literal':
      return expr.value;
    case 'name':
      return scope.get(expr.name);
    case 'list':
      return expr.items.map((item) => defined(value(item)));
    case 'dict': {
      const dict = emptyDict() as { [key: string]: Value };
      for (const [key, item] of expr.entries) setKey(dict, str(value(key)), defined(value(item)));
      return dict;
    }
    case 'attribute':
      return member(value(expr.object), expr.name);
    case 'item':
      return member(value(expr.object), defined(value(expr.key)));
    case 'slice': {
      const part = (inner: Expr | null): Value => (inner ? value(inner) : null);
      return slice(value(expr.object), { start: part(expr.start), stop: part(expr.stop), step: part(expr.step) });
    }
    case 'call':
      return call(expr.callee, given(expr.args, scope, budget), value);
    case 'filter':
      return applyFilter(expr.name, value(expr.input), given(expr.args, scope, budget));
    case 'test':
      return applyTest(expr.name, value(expr.input), given(expr.args, scope, budget)) !== expr.negated;
    case 'unary':
      return unary(expr.operator, value(expr.operand));
    case 'binary':
      return binary(expr.operator, value(expr.left), value(expr.right), budget);
    case 'logic': {
      const left = value(expr.left);
      return truth(left) === (expr.operator === 'and') ? value(expr.right) : left;
    }
    case 'compare':
      return compareChain(expr, value);
    case 'ternary':
      if (truth(value(expr.condition))) return value(expr.then);
      return expr.otherwise ? value(expr.otherwise) : new Undefined('the inline if-expression has no else');
  }
}

function binary(operator: ArithmeticOperator, left: Value, right: Value, budget: Budget): Value {
  if (operator !== '~') return arithmetic(operator, left, right, budget);
  const text = str(left) + str(right);
  budget.output(text.length);
  return text;
}

function defined(value: Value): Value {
  if (value instanceof Undefined) throw failed(value.reason);
  return value;
}

function given(args: Arguments, scope: Scope, budget: Budget): Given {
  const positional = args.positional.map((arg) => evaluate(arg, scope, budget));
  const named = new Map(args.named.map(([name, arg]) => [name, evaluate(arg, scope, budget)] as const));
  return new Given(positional, named, budget);
}

function call(callee: Expr, args: Given, value: (expr: Expr) => Value): Value {
  if (callee.type === 'attribute') return callMethod(defined(value(callee.object)), callee.name, args);
  if (callee.type === 'name' && callee.name === 'range') return range(args);
  throw failed(callee.type === 'name' ? `'${callee.name}' is not callable` : 'value is not callable');
}

function range(args: Given): Value {
  const number = (index: number, name: string): number => {
    const value = args.value(index, name);
    if (typeof value !== 'number' || !Number.isInteger(value)) throw failed('range() takes whole numbers');
    return value;
  };
  const [start, stop] = args.has(1, 'stop') ? [number(0, 'start'), number(1, 'stop')] : [0, number(0, 'stop')];
  const step = args.has(2, 'step') ? number(2, 'step') : 1;
  if (step === 0) throw failed('range() step must not be zero');
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (length > MAX_RANGE)
    throw failed(`Range too big. The sandbox blocks ranges larger than MAX_RANGE (${MAX_RANGE}).`);
  args.budget.step(length);
  return Array.from({ length }, (_, index) => start + index * step);
}

function unary(operator: '-' | '+' | 'not', operand: Value): Value {
  if (operator === 'not') return !truth(operand);
  return signed(operator, operand);
}

function compareChain(expr: Extract<Expr, { type: 'compare' }>, value: (expr: Expr) => Value): boolean {
  let left = value(expr.first);
  for (const { operator, operand } of expr.rest) {
    const right = value(operand);
    if (!compareOnce(operator, left, right)) return false;
    left = right;
  }
  return true;
}

function compareOnce(operator: CompareOperator, left: Value, right: Value): boolean {
  switch (operator) {
    case '==':
      return equals(left, right);
    case '!=':
      return !equals(left, right);
    case 'in':
      return contains(right, left);
    case 'not in':
      return !contains(right, left);
    default:
      return ordered(operator, left, right);
  }
}
