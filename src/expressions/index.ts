import type { JsonValue } from '../model/json';
import { isJsonObject } from '../model/json';
import { beyondBound } from './errors';
import { NONE_MARKER } from './functions/data';
import type { Template } from './jinja/compile';
import { usesOf } from './jinja/names';
import { STACKSTORM } from './jinja/standard';
import { evaluateWithKeys } from './keys';
import { toJson } from './python/json';
import { emptyDict, setKey } from './python/values';

/** Names a template sees. `st2kv` is read with StackStorm's key look-up: what is not stored renders as empty text, what a
 * {@link StoredKeys} doesn't know yet is asked for (EXPRESSION_LACKS_KEYS). */
export type ExpressionContext = Readonly<Record<string, unknown>>;

const MAX_NESTING = 100;

/** True when the text has Jinja in it; other text renders to itself. */
export function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#');
}

/** Compiles a template, or takes it from the cache of recently used ones. Throws EXPRESSION_SYNTAX, EXPRESSION_BOUND. */
export function compileTemplate(text: string): Template {
  return STACKSTORM.template(text);
}

/**
 * Renders a Jinja template to text as StackStorm's environment does: StrictUndefined, no autoescape, `trim_blocks`, `lstrip_blocks`,
 * Python's text for values. Throws EXPRESSION_SYNTAX (with line and column), EXPRESSION_FAILED (naming what is missing), EXPRESSION_BOUND.
 */
export function renderTemplate(text: string, context: ExpressionContext): string {
  if (!isTemplate(text)) return text;
  return evaluateWithKeys(context['st2kv'], () => compileTemplate(text).render({ context }));
}

/**
 * Renders the templates inside a value: text, lists and dicts (keys too). A text that is one `{{ expression }}` gives the expression's
 * value with its type, as StackStorm's implied `to_complex` does; everything else gives text. Errors as {@link renderTemplate}.
 */
export function renderValue(value: JsonValue, context: ExpressionContext): JsonValue {
  return evaluateWithKeys(context['st2kv'], () => renderNested(value, context, 0));
}

function renderNested(value: JsonValue, context: ExpressionContext, depth: number): JsonValue {
  if (depth > MAX_NESTING) throw beyondBound(`value is nested more than ${MAX_NESTING} deep`);
  if (typeof value === 'string') return renderText(value, context);
  if (Array.isArray(value)) return value.map((item) => renderNested(item, context, depth + 1));
  if (!isJsonObject(value)) return value;
  const rendered = emptyDict();
  for (const [key, item] of Object.entries(value)) {
    setKey(
      rendered,
      isTemplate(key) ? compileTemplate(key).render({ context }) : key,
      renderNested(item, context, depth + 1),
    );
  }
  return rendered;
}

function renderText(text: string, context: ExpressionContext): JsonValue {
  if (!isTemplate(text)) return text;
  const template = compileTemplate(text);
  const rendered = template.lone ? toJson(template.value({ context })) : template.render({ context });
  return rendered === NONE_MARKER ? null : rendered;
}

/** Names a value's templates read from their context; for ordering parameters. */
export function namesIn(value: JsonValue): Set<string> {
  const names = new Set<string>();
  collect(value, names);
  return names;
}

function collect(value: JsonValue, names: Set<string>): void {
  if (typeof value === 'string') {
    if (isTemplate(value)) for (const name of usesOf(compileTemplate(value).nodes).names) names.add(name);
  } else if (Array.isArray(value)) value.forEach((item) => collect(item, names));
  else if (isJsonObject(value))
    Object.entries(value).forEach(([key, item]) => (collect(key, names), collect(item, names)));
}
