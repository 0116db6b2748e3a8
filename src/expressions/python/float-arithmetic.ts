import { overflowError, valueError, zeroDivision } from '../errors';
import type { NumberOperator } from './arithmetic';
import { floatPower } from './float-power';
import { float } from './values';
import type { Value } from './values';

/** An int as a float. Throws OverflowError when it is too large for one. */
export function asFloat(value: number | bigint): number {
  const number = Number(value);
  if (typeof value === 'bigint' && !Number.isFinite(number)) throw overflowError('int too large to convert to float');
  return number;
}

/** Python's operators where one operand at least is a float. */
export function floatOperation(operator: NumberOperator, left: number | bigint, right: number | bigint): Value {
  const [a, b] = [asFloat(left), asFloat(right)];
  switch (operator) {
    case '+':
      return float(a + b);
    case '-':
      return float(a - b);
    case '*':
      return float(a * b);
    case '/':
      if (b === 0) throw zeroDivision('float division by zero');
      return float(a / b);
    case '//':
      if (b === 0) throw zeroDivision('float floor division by zero');
      return float(floored(a, b));
    case '%':
      if (b === 0) throw zeroDivision('float modulo');
      return float(remainder(a, b));
    case '**':
      return float(power(a, b));
  }
}

/** The remainder with the divisor's sign, a zero too. */
function remainder(a: number, b: number): number {
  const rest = a % b;
  if (rest === 0) return b < 0 ? -0 : 0;
  return rest < 0 !== b < 0 ? rest + b : rest;
}

function floored(a: number, b: number): number {
  const rest = a % b;
  let quotient = (a - rest) / b;
  if (rest !== 0 && rest < 0 !== b < 0) quotient -= 1;
  if (quotient === 0) return a / b < 0 || Object.is(a / b, -0) ? -0 : 0;
  const whole = Math.floor(quotient);
  return quotient - whole > 0.5 ? whole + 1 : whole;
}

function power(a: number, b: number): number {
  if (a === 1 || b === 0 || (a === -1 && Math.abs(b) === Infinity)) return 1;
  if (a === 0 && b < 0) throw zeroDivision('0.0 cannot be raised to a negative power');
  if (!Number.isFinite(a) || !Number.isFinite(b)) return a ** b;
  if (a < 0 && !Number.isInteger(b)) throw valueError('the power would be a complex number');
  const result = floatPower(a, b);
  if (!Number.isFinite(result)) throw overflowError("(34, 'Numerical result out of range')");
  return result;
}
