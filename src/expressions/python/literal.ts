import type { Expr } from '../ast';
import { failed } from '../errors';
import { parseTemplate } from '../template-parser';
import { emptyDict, setKey } from './values';
import type { Value } from './values';

/** Python's `ast.literal_eval`: a literal without any name or call. Throws EXPRESSION_FAILED. */
export function pythonLiteral(text: string): Value {
  if (/[{%#]\s*[%{#]|\}\}.*\{\{/.test(text) || text.trim() === '') throw failed('malformed literal');
  let expr: Expr | null;
  try {
    expr = parseTemplate(`{{ ${text} }}`).lone;
  } catch {
    throw failed('malformed literal');
  }
  if (!expr) throw failed('malformed literal');
  return literalOf(expr);
}

function literalOf(expr: Expr): Value {
  if (expr.type === 'literal') return expr.value;
  if (expr.type === 'list') return expr.items.map(literalOf);
  if (expr.type === 'unary' && expr.operand.type === 'literal' && typeof expr.operand.value === 'number') {
    if (expr.operator !== 'not') return expr.operator === '-' ? -expr.operand.value : expr.operand.value;
  }
  if (expr.type !== 'dict') throw failed('malformed literal');
  const dict = emptyDict() as { [key: string]: Value };
  for (const [key, value] of expr.entries) setKey(dict, String(literalOf(key)), literalOf(value));
  return dict;
}
