import { failed } from '../errors';
import type { Expr } from '../jinja/ast';
import { parseTemplate } from '../jinja/statement-parser';
import { signed } from '../python/arithmetic';
import { isNumber, PyDict, PyTuple } from '../python/values';
import type { Value } from '../python/values';

/** Python's `ast.literal_eval`: a literal without any name or call. Throws EXPRESSION_FAILED. */
export function pythonLiteral(text: string): Value {
  if (/[{%#]\s*[%{#]|\}\}.*\{\{/.test(text) || text.trim() === '') throw failed('malformed literal', 'ValueError');
  return literalOf(loneExpression(text));
}

function loneExpression(text: string): Expr {
  try {
    const [only, more] = parseTemplate(`{{ ${text} }}`);
    if (only?.type === 'output' && !more) return only.expr;
  } catch {
    // The text is no expression: no literal either.
  }
  throw failed('malformed literal', 'ValueError');
}

function literalOf(expr: Expr): Value {
  switch (expr.type) {
    case 'constant':
      return expr.value;
    case 'list':
      return expr.items.map(literalOf);
    case 'tuple':
      return new PyTuple(expr.items.map(literalOf));
    case 'dict':
      return new PyDict(expr.entries.map(([key, value]) => [literalOf(key), literalOf(value)] as const));
    case 'sign': {
      const operand = literalOf(expr.operand);
      if (isNumber(operand)) return signed(expr.operator, operand);
      break;
    }
    default:
  }
  throw failed('malformed literal', 'ValueError');
}
