import type { ArithmeticOperator } from '../ast';
import type { Budget } from '../budget';
import { failed } from '../errors';
import { str } from './text';
import { KeyLookup, typeName, Undefined } from './values';
import type { Value } from './values';

/** Python's binary operators on JSON values; `~` joins as text. Throws EXPRESSION_FAILED on types that don't fit. */
// eslint-disable-next-line complexity -- Python's table of operand types
export function arithmetic(operator: ArithmeticOperator, left: Value, right: Value, budget: Budget): Value {
  for (const side of [left, right]) if (side instanceof Undefined) throw failed(side.reason);
  if (operator === '~') return joined(str(left) + str(right), budget);
  const [a, b] = [scalar(left), scalar(right)];
  if (typeof a === 'number' && typeof b === 'number') return numeric(operator, a, b);
  if (operator === '+' && typeof a === 'string' && typeof b === 'string') return joined(a + b, budget);
  if (operator === '+' && Array.isArray(a) && Array.isArray(b)) {
    budget.step(a.length + b.length);
    return [...a, ...b];
  }
  if (operator === '*' && typeof b === 'number') return repeated(a, b, budget);
  if (operator === '*' && typeof a === 'number') return repeated(b, a, budget);
  throw failed(`unsupported operand type(s) for ${operator}: '${typeName(left)}' and '${typeName(right)}'`);
}

function scalar(value: Value): Value {
  if (value instanceof KeyLookup) return value.text;
  return typeof value === 'boolean' ? Number(value) : value;
}

function joined(text: string, budget: Budget): string {
  budget.output(text.length);
  return text;
}

function repeated(value: Value, count: number, budget: Budget): Value {
  const times = Math.max(0, count);
  if (typeof value === 'string' && Number.isInteger(count)) {
    budget.output(value.length * times);
    return value.repeat(times);
  }
  if (!Array.isArray(value) || !Number.isInteger(count))
    throw failed(`can't multiply sequence by non-int of type '${typeName(count)}'`);
  budget.step(value.length * times);
  return Array.from({ length: times }, () => value).flat(1);
}

function numeric(operator: Exclude<ArithmeticOperator, '~'>, a: number, b: number): number {
  if (b === 0 && (operator === '/' || operator === '//' || operator === '%')) throw failed('division by zero');
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '//':
      return Math.floor(a / b);
    case '%':
      return a - b * Math.floor(a / b);
    case '**':
      return a ** b;
  }
}
