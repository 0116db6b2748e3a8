import type { Budget } from '../budget';
import { ExpressionError, failed } from '../errors';
import type { Rendering, Template } from '../jinja/compile';
import { Generator } from '../jinja/generator';
import { Markup } from '../jinja/markup';
import { deepCopy } from '../jinja/run';
import { str } from '../python/text';
import { Undefined } from '../python/lookups';
import type { Dict, Value } from '../python/values';
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
      if ((value instanceof Undefined && value.strict) || typeof output !== 'string') continue;
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
    const template = WORKFLOW_JINJA.expression(stripped(expression));
    const value = template.value(renderingOf(template, scope, budget));
    if (value instanceof Generator && value.typeName === 'generator') return [...value.iterate()];
    if (value instanceof Undefined && !value.strict) return '';
    const text = value instanceof Markup ? value.text : value;
    return typeof text === 'string' ? expand(text, scope, budget) : text;
  });
}

const render = (text: string, scope: WorkflowScope, budget: Budget): string =>
  naming(text, () => {
    const template = WORKFLOW_JINJA.template(text);
    return template.render(renderingOf(template, scope, budget));
  });

function renderingOf({ changes }: Template, scope: WorkflowScope, budget: Budget): Rendering {
  const host = changes ? withOwnValues(scope, budget) : scope;
  const { chance } = scope;
  return { context: { __vars: host.variables }, budget, host, ...(chance ? { chance } : {}) };
}

/** The same scope with values that may be changed: those of the caller stay as they are. */
function withOwnValues(scope: WorkflowScope, budget: Budget): WorkflowScope {
  const { item, task, taskOf } = scope;
  return {
    ...scope,
    variables: deepCopy(scope.variables, budget) as Dict,
    ...(item === undefined ? {} : { item: deepCopy(item, budget) }),
    ...(task ? { task: { ...task, result: deepCopy(task.result, budget) } } : {}),
    ...(taskOf ? { taskOf: (name, route) => copied(taskOf(name, route), budget) } : {}),
  };
}

const copied = (value: Value | undefined, budget: Budget): Value | undefined =>
  value === undefined ? undefined : deepCopy(value, budget);

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
