import { ExpressionError } from '../errors';

/** What Orquesta makes of an error in an expression: its own class and words, with the expression, the place in it and the cause kept. */
export function evaluationError(
  type: 'YaqlEvaluationException' | 'JinjaEvaluationException',
  { error, expression, message }: { error: ExpressionError; expression: string; message: string },
): ExpressionError {
  return new ExpressionError('EXPRESSION_FAILED', message, { ...error.facts, type, expression, cause: error.type });
}
