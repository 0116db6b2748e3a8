import type { Budget } from '../budget';
import { compare } from './compare';
import { repr, reprString } from './text';
import { dictEntries, dictSize, isDict, PySet, PyTuple } from './values';
import type { Value } from './values';

const WIDTH = 80;

/** Where a value's text goes: columns before it, and what follows its last line. */
interface Place {
  indent: number;
  after: number;
  budget: Budget;
}

/** Python's `pprint.pformat`: one line where 80 columns suffice, else one item a line; a dict's keys are sorted. */
export const prettyPrinted = (value: Value, budget: Budget): string => pretty(value, { indent: 0, after: 0, budget });

function pretty(value: Value, place: Place): string {
  return place.budget.nested(() => {
    place.budget.step();
    const short = oneLine(value, place.budget);
    if (short.length <= WIDTH - place.indent - place.after) return short;
    if (typeof value === 'string') return longText(value, place);
    if (isDict(value)) return dictSize(value) > 0 ? prettyDict(value, place) : short;
    return prettyItems(value, place) ?? short;
  });
}

function prettyItems(value: Value, place: Place): string | null {
  const items = value instanceof PyTuple || value instanceof PySet ? value.items : value;
  if (!Array.isArray(items) || items.length === 0) return null;
  const [open, close] = Array.isArray(value) ? '[]' : value instanceof PyTuple ? '()' : '{}';
  const end = value instanceof PyTuple && items.length === 1 ? `,${close}` : close;
  return `${open}${lines(items, place, (item, at) => pretty(item, at))}${end}`;
}

/** One item a line; all but the last are followed by a comma. */
function lines<T>(
  items: readonly T[],
  { indent, after, budget }: Place,
  show: (item: T, place: Place) => string,
): string {
  const shown = items.map((item, index) =>
    show(item, { indent: indent + 1, after: index === items.length - 1 ? after + 1 : 1, budget }),
  );
  return shown.join(`,\n${' '.repeat(indent + 1)}`);
}

function prettyDict(value: Value, place: Place): string {
  const shown = lines(sortedEntries(value), place, ([key, item], at) => {
    const name = repr(key, place.budget);
    return `${name}: ${pretty(item, { ...at, indent: at.indent + name.length + 2 })}`;
  });
  return `{${shown}}`;
}

function sortedEntries(value: Value): (readonly [Value, Value])[] {
  return [...(isDict(value) ? dictEntries(value) : [])].sort(([a], [b]) => {
    try {
      return compare(a, b);
    } catch {
      return 0;
    }
  });
}

/** `repr` with a dict's keys sorted. */
function oneLine(value: Value, budget: Budget): string {
  budget.step();
  const all = (items: readonly Value[]): string => items.map((item) => oneLine(item, budget)).join(', ');
  if (Array.isArray(value)) return budget.nested(() => `[${all(value)}]`);
  if (value instanceof PyTuple)
    return budget.nested(() => `(${all(value.items)}${value.items.length === 1 ? ',' : ''})`);
  if (!isDict(value)) return repr(value, budget);
  return budget.nested(() => {
    const inside = sortedEntries(value).map(([key, item]) => `${oneLine(key, budget)}: ${oneLine(item, budget)}`);
    return `{${inside.join(', ')}}`;
  });
}

/** Long text as several literals, cut at spaces and line breaks. */
function longText(text: string, { indent, after }: Place): string {
  const chunks: string[] = [];
  const parts = text.split(/(?<=\n)/);
  const inParentheses = indent === 0 ? 1 : 0;
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    if (reprString(part).length <= WIDTH - indent - inParentheses - (isLast ? after + inParentheses : 0))
      chunks.push(reprString(part));
    else chunks.push(...cut(part, WIDTH - indent - inParentheses, isLast ? after + inParentheses : 0));
  }
  if (chunks.length === 1) return chunks[0] as string;
  const joined = chunks.join(`\n${' '.repeat(indent + inParentheses)}`);
  return inParentheses ? `(${joined})` : joined;
}

function cut(line: string, width: number, after: number): string[] {
  const words = line.match(/\S*\s*/g) ?? [];
  const chunks: string[] = [];
  let current = '';
  for (const [index, word] of words.entries()) {
    const room = index === words.length - 2 ? width - after : width;
    const candidate = current + word;
    if (reprString(candidate).length > room && current !== '') {
      chunks.push(reprString(current));
      current = word;
    } else current = candidate;
  }
  if (current !== '') chunks.push(reprString(current));
  return chunks;
}
