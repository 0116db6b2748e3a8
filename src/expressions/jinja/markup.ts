import type { Budget } from '../budget';
import { arithmetic } from '../python/arithmetic';
import { percentFormat } from '../python/percent-format';
import { reprString, str } from '../python/text';
import { dictEntries, isDict, plain, PyDict, PyObject, PyTuple } from '../python/values';
import type { Value } from '../python/values';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};

/** Text with HTML's own characters escaped. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => ESCAPES[char] as string);

/** Text that is HTML already: what is added to it is escaped, itself it is not again. Everything else sees the text. Source: MarkupSafe. */
export class Markup extends PyObject {
  readonly typeName = 'Markup';
  constructor(readonly text: string) {
    super();
  }
  override asPlain(): Value {
    return this.text;
  }
  override str(): string {
    return this.text;
  }
  override repr(budget: Budget): string {
    budget.step();
    return `Markup(${reprString(this.text)})`;
  }
  override truth(): boolean {
    return this.text !== '';
  }
  override hashKey(): unknown {
    return this.text;
  }
  override binary(operator: string, other: Value, reflected: boolean): Value | undefined {
    if (operator !== '+' || !(typeof other === 'string' || other instanceof Markup)) return undefined;
    const { text } = escaped(other);
    return new Markup(reflected ? text + this.text : this.text + text);
  }
  /** A result made of this text, marked as well. */
  keep(result: Value): Value {
    if (typeof result === 'string') return new Markup(result);
    return Array.isArray(result) ? result.map((item) => this.keep(item)) : result;
  }
}

/** `+`, `*` and `%` of marked text: marked, with what comes from outside escaped. Undefined for anything else. */
export function markedArithmetic(operator: string, left: Value, right: Value, budget: Budget): Value | undefined {
  if (operator === '+') {
    const owner = left instanceof Markup ? left : right;
    return (owner as Markup).binary(operator, owner === left ? right : left, owner !== left);
  }
  if (operator === '*') {
    const text = arithmetic('*', plain(left), plain(right), budget);
    return typeof text === 'string' ? new Markup(text) : undefined;
  }
  if (operator !== '%' || !(left instanceof Markup)) return undefined;
  return new Markup(percentFormat(left.text, escapedInside(right), budget));
}

function escapedInside(value: Value): Value {
  if (typeof value === 'string') return escapeHtml(value);
  if (value instanceof PyTuple) return new PyTuple(value.items.map(escapedInside));
  if (isDict(value)) return new PyDict(dictEntries(value).map(([key, item]) => [key, escapedInside(item)] as const));
  return value instanceof Markup ? value.text : value;
}

/** `escape(value)`: marked text as it is, anything else as its escaped text. */
export const escaped = (value: Value): Markup => (value instanceof Markup ? value : new Markup(escapeHtml(str(value))));
