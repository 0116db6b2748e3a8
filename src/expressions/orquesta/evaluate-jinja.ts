import type { Budget } from '../budget';
import { ExpressionError, failed } from '../errors';
import { Generator } from '../jinja/generator';
import { str } from '../python/text';
import { Undefined } from '../python/lookups';
import type { Value } from '../python/values';
import { evaluationError } from './evaluation-error';
import type { WorkflowScope } from './functions';
import { WORKFLOW_JINJA } from './jinja';

const EXPRESSION = /\{\{[^\n]*?\}\}/g;
const BLOCK = /\{%[^\n]*?%\}/;
const RAW = /\{% raw %\}[^\n]*?\{% endraw %\}/g;

/** Whether Orquesta takes a text for one with Jinja in it: an expression or tag that ends on its own line. */
export const hasJinja = (text: string): boolean => text.search(EXPRESSION) >= 0 || BLOCK.test(text);

/**
 * Evaluates a text as Orquesta's Jinja does. One expression alone gives its value, others are filled into the text one after the other; a text
 * with a tag is rendered as a whole and looked through again; text that comes out is evaluated again. Throws EXPRESSION_FAILED with Orquesta's
 * message, EXPRESSION_BOUND.
 */
export function evaluateJinja(given: string, scope: WorkflowScope, budget: Budget): Value {
  const raw = given.match(RAW) ?? [];
  let text = given;
  raw.forEach((each, index) => (text = text.replaceAll(each, () => `{${index}}`)));
  let output = expand(text, scope, budget);
  if (typeof output !== 'string') return output;
  const left = output.match(EXPRESSION);
  if (left) throw evaluationFailed(`There are unresolved variables: ${left.map(stripped).join(', ')}`);
  if (raw.length === 0) return output;
  for (const [index, each] of raw.entries()) output = output.replaceAll(`{${index}}`, () => each);
  return render(output, scope, budget);
}

/** What stands between the delimiters: as in Orquesta, all braces at the ends go. */
const stripped = (expression: string): string => expression.replace(/^[{}]+|[{}]+$/g, '').trim();

function expand(text: string, scope: WorkflowScope, budget: Budget): Value {
  return budget.nested(() => {
    if (BLOCK.test(text)) return expand(render(text, scope, budget), scope, budget);
    const expressions = text.match(EXPRESSION) ?? [];
    let output: Value = text;
    for (const expression of expressions) {
      const value = valueOf(expression, scope, budget);
      if (value instanceof Undefined || typeof output !== 'string') continue;
      const alone: boolean = expressions.length === 1 && Array.from(output).length <= Array.from(expression).length;
      output = alone ? value : filled(output, { expression, value }, budget);
    }
    return output;
  });
}

function filled(text: string, { expression, value }: { expression: string; value: Value }, budget: Budget): string {
  const made = text.replaceAll(expression, () => str(value, budget));
  budget.output(made.length);
  return made;
}

function valueOf(expression: string, scope: WorkflowScope, budget: Budget): Value {
  return naming(expression, () => {
    const code = WORKFLOW_JINJA.expression(stripped(expression));
    const value = code.value({ context: contextOf(scope), budget, host: scope, ...chanceOf(scope) });
    if (value instanceof Generator) return [...value.iterate()];
    return typeof value === 'string' ? expand(value, scope, budget) : value;
  });
}

const render = (text: string, scope: WorkflowScope, budget: Budget): string =>
  naming(text, () =>
    WORKFLOW_JINJA.template(text).render({ context: contextOf(scope), budget, host: scope, ...chanceOf(scope) }),
  );

const contextOf = ({ variables }: WorkflowScope): Readonly<Record<string, unknown>> => ({ __vars: variables });
const chanceOf = ({ chance }: WorkflowScope): { chance?: () => number } => (chance ? { chance } : {});

const evaluationFailed = (message: string): Error => failed(message, 'JinjaEvaluationException');

function naming<T>(expression: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ExpressionError) || error.code === 'EXPRESSION_BOUND') throw error;
    if (error.type === 'JinjaEvaluationException') throw error;
    const message = `Unable to evaluate expression '${expression}'. ${error.type}: ${error.message}`;
    throw evaluationError('JinjaEvaluationException', { error, expression, message });
  }
}
