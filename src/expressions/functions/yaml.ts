import { parseDocument } from 'yaml';
import type { Budget } from '../budget';
import { failed } from '../errors';
import { repr, str } from '../python/text';
import { dictEntries, isDict, isFloat, isNumber, PyTuple, typeName } from '../python/values';
import type { Value } from '../python/values';
import { textScalar } from './yaml-scalar';
import type { Place } from './yaml-scalar';
import { fromYaml } from './yaml-values';

/** `yaml.safe_load` by YAML 1.1. Throws YAMLError. */
export function loadYaml(text: Value): Value {
  try {
    const document = parseDocument(str(text), { version: '1.1', intAsBigInt: true, uniqueKeys: false });
    const [error] = [...document.errors, ...document.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED')];
    if (error) throw error;
    return fromYaml(document);
  } catch (error) {
    if (error instanceof Error && error.constructor.name.startsWith('YAML'))
      throw failed(error.message.split('\n')[0] ?? 'not YAML', 'YAMLError');
    throw error;
  }
}

interface Layout {
  indent: number;
  budget: Budget;
}

/** `yaml.safe_dump(value, default_flow_style=False, allow_unicode=True)` of libyaml: blocks, keys sorted. Throws RepresenterError. */
export function dumpYaml(value: Value, { indent, budget }: Layout): string {
  const layout = { indent: indent >= 2 && indent <= 9 ? indent : 2, budget };
  const text = isScalar(value) ? `${scalar(value, { column: 0, indent: layout.indent })}\n` : block(value, 0, layout);
  budget.output(text.length);
  return text;
}

const itemsOf = (value: Value): readonly Value[] | null =>
  Array.isArray(value) ? value : value instanceof PyTuple ? value.items : null;
const isEmpty = (value: Value): boolean =>
  isDict(value) ? dictEntries(value).length === 0 : itemsOf(value)?.length === 0;
const isScalar = (value: Value): boolean => isEmpty(value) || (!isDict(value) && itemsOf(value) === null);

function block(value: Value, margin: number, layout: Layout): string {
  layout.budget.step();
  return layout.budget.nested(() => {
    const pad = ' '.repeat(margin);
    const items = itemsOf(value);
    if (items) return items.map((item) => `${pad}- ${afterDash(item, margin, layout)}`).join('');
    const entries = [...dictEntries(value as never)].sort(([a], [b]) => (str(a) < str(b) ? -1 : 1));
    return entries
      .map(([key, item]) => {
        const name = scalar(key, { column: margin, indent: margin + layout.indent });
        return `${pad}${name}:${afterKey(item, { margin, column: margin + name.length + 2 }, layout)}`;
      })
      .join('');
  });
}

/** What stands in a list's item begins on the same line. */
function afterDash(item: Value, margin: number, layout: Layout): string {
  const inner = margin + layout.indent;
  if (isScalar(item)) return `${scalar(item, { column: margin + 2, indent: inner })}\n`;
  return `${' '.repeat(layout.indent - 2)}${block(item, inner, layout).slice(inner)}`;
}

function afterKey(item: Value, { margin, column }: { margin: number; column: number }, layout: Layout): string {
  if (isScalar(item)) return ` ${scalar(item, { column, indent: margin + layout.indent })}\n`;
  return `\n${block(item, itemsOf(item) ? margin : margin + layout.indent, layout)}`;
}

function scalar(value: Value, place: Place): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (isDict(value)) return '{}';
  if (itemsOf(value)) return '[]';
  if (isFloat(value)) return floatScalar(repr(value));
  if (isNumber(value)) return str(value);
  if (typeof value === 'string') return textScalar(value, place);
  throw failed(`cannot represent an object of type ${typeName(value)}`, 'RepresenterError');
}

/** A float's text as YAML 1.1 reads it: with a point, and without one before an exponent it gets `.0`. */
const floatScalar = (text: string): string => text.replace(/^(-?)(inf|nan)$/, '$1.$2').replace(/^(-?\d+)e/, '$1.0e');
