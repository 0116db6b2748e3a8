import { failed } from '../errors';
import { isDict, KeyLookup, Undefined } from './values';
import type { Value } from './values';

/** `separator` is what stands between items on one line. */
export interface DumpOptions {
  indent?: number;
  sortKeys?: boolean;
  separator?: string;
}

/** Python's `json.dumps`: `, ` and `: ` as separators, ASCII only; with `indent` like its pretty form. */
export function dumps(value: Value, options: DumpOptions = {}): string {
  return write(value, options, '');
}

function write(value: Value, options: DumpOptions, margin: string): string {
  if (value instanceof Undefined) throw failed(value.reason);
  if (value instanceof KeyLookup) return ascii(JSON.stringify(value.text));
  if (Array.isArray(value))
    return bracket(
      '[',
      value.map((item) => write(item, options, deeper(margin, options))),
      ']',
      { margin, ...options },
    );
  if (!isDict(value)) return ascii(JSON.stringify(value));
  const keys = options.sortKeys ? Object.keys(value).sort() : Object.keys(value);
  const entries = keys.map(
    (key) => `${ascii(JSON.stringify(key))}: ${write(value[key] as Value, options, deeper(margin, options))}`,
  );
  return bracket('{', entries, '}', { margin, ...options });
}

const deeper = (margin: string, options: { indent?: number }): string => margin + ' '.repeat(options.indent ?? 0);

function bracket(open: string, parts: string[], close: string, layout: DumpOptions & { margin: string }): string {
  if (parts.length === 0) return open + close;
  if (layout.indent === undefined) return open + parts.join(layout.separator ?? ', ') + close;
  const inner = deeper(layout.margin, layout);
  return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${layout.margin}${close}`;
}

export function ascii(text: string): string {
  return text.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** `json.loads`. Throws EXPRESSION_FAILED. */
export function loads(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    throw failed('text is not valid JSON');
  }
}
