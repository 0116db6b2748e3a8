import type { JsonValue } from '../model/json';
import { isJsonObject } from '../model/json';
import { Budget } from './budget';
import { beyondBound } from './errors';
import { evaluate } from './evaluator';
import { NONE_MARKER } from './functions/data';
import { renderNodes } from './renderer';
import { toJson } from './python/json';
import { emptyDict, setKey } from './python/values';
import { RecentlyUsed } from './recently-used';
import { Scope } from './scope';
import { parseTemplate } from './template-parser';
import type { CompiledTemplate } from './template-parser';

/** Names a template sees. `st2kv` is read with StackStorm's key look-up: what is not stored renders as empty text. */
export type ExpressionContext = Readonly<Record<string, unknown>>;

const MAX_NESTING = 100;
const cache = new RecentlyUsed<CompiledTemplate>({ entries: 2_000, textLength: 10_000 });

/** True when the text has Jinja in it; other text renders to itself. */
export function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#');
}

/** Parses a template, or takes it from the cache of recently used ones. Throws EXPRESSION_SYNTAX, EXPRESSION_BOUND. */
export function compileTemplate(text: string): CompiledTemplate {
  return cache.get(text, () => parseTemplate(text));
}

/**
 * Renders a Jinja template to text as StackStorm's environment does: StrictUndefined, no autoescape, `trim_blocks`, `lstrip_blocks`,
 * Python's text for values. Throws EXPRESSION_SYNTAX (with line and column), EXPRESSION_FAILED (naming what is missing), EXPRESSION_BOUND.
 */
export function renderTemplate(text: string, context: ExpressionContext): string {
  if (!isTemplate(text)) return text;
  return renderNodes(compileTemplate(text).nodes, new Scope(context), new Budget());
}

/**
 * Renders the templates inside a value: text, lists and dicts (keys too). A text that is one `{{ expression }}` gives the expression's
 * value with its type, as StackStorm's implied `to_complex` does; everything else gives text. Errors as {@link renderTemplate}.
 */
export function renderValue(value: JsonValue, context: ExpressionContext): JsonValue {
  return renderNested(value, context, 0);
}

function renderNested(value: JsonValue, context: ExpressionContext, depth: number): JsonValue {
  if (depth > MAX_NESTING) throw beyondBound(`value is nested more than ${MAX_NESTING} deep`);
  if (typeof value === 'string') return renderText(value, context);
  if (Array.isArray(value)) return value.map((item) => renderNested(item, context, depth + 1));
  if (!isJsonObject(value)) return value;
  const rendered = emptyDict();
  for (const [key, item] of Object.entries(value)) {
    setKey(rendered, renderTemplate(key, context), renderNested(item, context, depth + 1));
  }
  return rendered;
}

function renderText(text: string, context: ExpressionContext): JsonValue {
  if (!isTemplate(text)) return text;
  const template = compileTemplate(text);
  const rendered = template.lone
    ? toJson(evaluate(unwrapped(template.lone), new Scope(context), new Budget()))
    : renderTemplate(text, context);
  return rendered === NONE_MARKER ? null : rendered;
}

/** `{{ x | to_complex }}` means what `{{ x }}` alone means here: the value itself. */
function unwrapped(expr: NonNullable<CompiledTemplate['lone']>): NonNullable<CompiledTemplate['lone']> {
  return expr.type === 'filter' && expr.name === 'to_complex' ? expr.input : expr;
}

/** Names a value's templates read from their context (those bound by `set` and `for` included); for ordering parameters. */
export function namesIn(value: JsonValue): Set<string> {
  const names = new Set<string>();
  collect(value, names);
  return names;
}

function collect(value: JsonValue, names: Set<string>): void {
  if (typeof value === 'string') {
    if (isTemplate(value)) collectNames(compileTemplate(value).nodes, names);
  } else if (Array.isArray(value)) value.forEach((item) => collect(item, names));
  else if (isJsonObject(value))
    Object.entries(value).forEach(([key, item]) => (collect(key, names), collect(item, names)));
}

function collectNames(node: unknown, names: Set<string>): void {
  if (Array.isArray(node)) node.forEach((item) => collectNames(item, names));
  else if (typeof node === 'object' && node !== null) {
    if ('type' in node && node.type === 'name' && 'name' in node) names.add(String(node.name));
    Object.values(node).forEach((item) => collectNames(item, names));
  }
}
