import { Budget } from '../budget';
import { ExpressionError, failed } from '../errors';
import { evaluateWithKeys } from '../keys';
import { str } from '../python/text';
import { dictEntries, isDict, PyDict } from '../python/values';
import type { Value } from '../python/values';
import { evaluateYaql } from '../yaql';
import { evaluateJinja, hasJinja } from './evaluate-jinja';
import type { WorkflowScope } from './functions';
import { evaluationError } from './evaluation-error';
import { WORKFLOW_YAQL } from './yaql';

/** One line only: an expression with a line break in it is text, as in Orquesta. */
const EXPRESSION = /<%(?:(?!%>|\n).)*%>/g;
const MAX_NESTING = 100;

/**
 * Evaluates the expressions inside a document as Orquesta does: in texts, lists and dicts (keys too). A text that is one expression gives its
 * value with its type, any other text is filled in with Python's text of the values; of a text with both languages only the Jinja is evaluated.
 * Throws EXPRESSION_FAILED with Orquesta's message, EXPRESSION_BOUND, EXPRESSION_LACKS_KEYS.
 */
export function evaluateDocument(document: Value, scope: WorkflowScope, budget = new Budget()): Value {
  const evaluate = (value: Value, depth: number): Value => {
    if (depth > MAX_NESTING) throw failed(`value is nested more than ${MAX_NESTING} deep`, 'RecursionError');
    if (typeof value === 'string') return evaluateText(value, scope, budget);
    if (Array.isArray(value)) return value.map((item) => evaluate(item, depth + 1));
    if (!isDict(value)) return value;
    return new PyDict(
      dictEntries(value).map(([key, item]) => [evaluate(key, depth + 1), evaluate(item, depth + 1)] as const),
    );
  };
  return evaluateWithKeys(scope.keys, () => evaluate(document, 0));
}

const evaluateText = (text: string, scope: WorkflowScope, budget: Budget): Value =>
  hasJinja(text) ? evaluateJinja(text, scope, budget) : fill(text, (one) => evaluateOne(one, scope, budget));

function fill(text: string, one: (expression: string) => Value): Value {
  const found = text.match(EXPRESSION);
  if (!found) return text;
  if (found.length === 1 && found[0] === text) return one(text);
  const values = new Map(found.map((expression) => [expression, str(one(expression))] as const));
  return text.replace(EXPRESSION, (expression) => values.get(expression) ?? '');
}

/** A result that is text is evaluated again: it may hold expressions. */
function evaluateOne(expression: string, scope: WorkflowScope, budget: Budget): Value {
  return budget.nested(() => {
    const value = evaluated(expression, scope, budget);
    return typeof value === 'string' ? fill(value, (text) => evaluateOne(text, scope, budget)) : value;
  });
}

function evaluated(expression: string, scope: WorkflowScope, budget: Budget): Value {
  const { now, chance } = scope;
  try {
    return evaluateYaql(expression.slice(2, -2).trim(), {
      functions: WORKFLOW_YAQL,
      budget,
      host: scope,
      ...(now ? { now } : {}),
      ...(chance ? { chance } : {}),
    });
  } catch (error) {
    if (!(error instanceof ExpressionError) || error.code === 'EXPRESSION_BOUND') throw error;
    throw evaluationError('YaqlEvaluationException', { error, expression, message: messageFor(error, expression) });
  }
}

function messageFor({ code, type, message }: ExpressionError, expression: string): string {
  if (type === 'KeyError') return `Unable to resolve key '${message}' in expression '${expression}' from context.`;
  const name = code === 'EXPRESSION_SYNTAX' ? 'YaqlGrammarException' : type;
  return `Unable to evaluate expression '${expression}'. ${name}: ${message}`;
}
