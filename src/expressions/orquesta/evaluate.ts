import { Budget } from '../budget';
import { ExpressionError, failed } from '../errors';
import { str } from '../python/text';
import { dictEntries, isDict, PyDict } from '../python/values';
import type { Value } from '../python/values';
import { evaluateYaql } from '../yaql';
import type { Functions } from '../yaql/signature';

/** One line only: an expression with a line break in it is text, as in Orquesta. */
const EXPRESSION = /<%(?:(?!%>|\n).)*%>/g;
const MAX_NESTING = 100;

/**
 * Evaluates the YAQL inside a document as Orquesta does: in texts, lists and dicts (keys too). A text that is one expression gives its value
 * with its type, any other text is filled in with Python's text of the values. Throws EXPRESSION_FAILED with Orquesta's message,
 * EXPRESSION_SYNTAX, EXPRESSION_BOUND.
 */
export function evaluateDocument(document: Value, functions: Functions, budget = new Budget()): Value {
  const evaluate = (value: Value, depth: number): Value => {
    if (depth > MAX_NESTING) throw failed(`value is nested more than ${MAX_NESTING} deep`, 'RecursionError');
    if (typeof value === 'string') return evaluateText(value, (text) => evaluateOne(text, functions, budget));
    if (Array.isArray(value)) return value.map((item) => evaluate(item, depth + 1));
    if (!isDict(value)) return value;
    return new PyDict(
      dictEntries(value).map(([key, item]) => [evaluate(key, depth + 1), evaluate(item, depth + 1)] as const),
    );
  };
  return evaluate(document, 0);
}

function evaluateText(text: string, one: (expression: string) => Value): Value {
  const found = text.match(EXPRESSION);
  if (!found) return text;
  if (found.length === 1 && found[0] === text) return one(text);
  const values = new Map(found.map((expression) => [expression, str(one(expression))] as const));
  return text.replace(EXPRESSION, (expression) => values.get(expression) ?? '');
}

/** A result that is text is evaluated again: it may hold expressions. */
function evaluateOne(expression: string, functions: Functions, budget: Budget): Value {
  return budget.nested(() => {
    const value = evaluated(expression, functions, budget);
    return typeof value === 'string' ? evaluateText(value, (text) => evaluateOne(text, functions, budget)) : value;
  });
}

function evaluated(expression: string, functions: Functions, budget: Budget): Value {
  try {
    return evaluateYaql(expression.slice(2, -2).trim(), { functions, budget });
  } catch (error) {
    if (!(error instanceof ExpressionError) || error.code === 'EXPRESSION_BOUND') throw error;
    throw failed(messageFor(error, expression), 'YaqlEvaluationException');
  }
}

function messageFor({ code, type, message }: ExpressionError, expression: string): string {
  if (type === 'KeyError') return `Unable to resolve key '${message}' in expression '${expression}' from context.`;
  const name = code === 'EXPRESSION_SYNTAX' ? 'YaqlGrammarException' : type;
  return `Unable to evaluate expression '${expression}'. ${name}: ${message}`;
}
