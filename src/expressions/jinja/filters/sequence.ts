import { failed, isPythonError, typeError } from '../../errors';
import { arithmetic } from '../../python/arithmetic';
import { equals, truth } from '../../python/compare';
import { length } from '../../python/iterate';
import { whole } from '../../python/methods/signature';
import { PyRange } from '../../python/range';
import { sorted } from '../../python/sort';
import { str } from '../../python/text';
import { PyDictView } from '../../python/views';
import { dictEntries, isDict, PyObject, PySet, PyTuple, typeName } from '../../python/values';
import { Undefined } from '../../python/lookups';
import type { Value } from '../../python/values';
import type { Filter } from '../environment';
import { Generator } from '../generator';
import { Markup } from '../markup';
import type { Run } from '../run';
import { attributeGetter, comparedBy, comparedByAll } from './attributes';
import { filter, itemsOf } from './declare';
import { extreme } from './ordering';

const orUndefined = (item: Value | undefined, reason: string): Value =>
  item === undefined ? new Undefined(reason) : item;

const len = (name: string): [string, Filter] => filter(`${name}(obj)`, ([value = null]) => length(value));

const least = (name: string, sign: '<' | '>'): [string, Filter] =>
  filter(`${name}(value, case_sensitive?, attribute?)`, ([value, caseMatters = false, path = null], run) => {
    const found = extreme(itemsOf(value, run), comparedBy(path, truth(caseMatters)), sign);
    return orUndefined(found, 'No aggregated item, sequence was empty.');
  });

function first(value: Value | undefined, run: Run): Value {
  const item = value instanceof Generator ? value.next() : itemsOf(value, run)[0];
  return orUndefined(item, 'No first item, sequence was empty.');
}

/** Only what knows its end can be gone through backwards. */
function backwards(value: Value | undefined, run: Run): Value[] {
  if (value instanceof Generator || value instanceof PySet)
    throw typeError(`'${typeName(value)}' object is not reversible`);
  return [...itemsOf(value, run)].reverse();
}

function reversed(value: Value | undefined, run: Run): Value {
  if (typeof value === 'string') return Array.from(value).reverse().join('');
  try {
    const items = [...itemsOf(value, run)].reverse();
    return value instanceof Generator || value instanceof PySet ? items : new Iterator(value, items);
  } catch (error) {
    if (isPythonError(error, 'TypeError')) throw failed('argument must be iterable', 'FilterArgumentError');
    throw error;
  }
}

/** What Python's `reversed` gives, named as there: no generator, though it is gone through once as well. */
class Iterator extends Generator {
  override readonly typeName: string;
  constructor(of: Value | undefined, items: readonly Value[]) {
    super('reversed', items);
    this.typeName = iteratorName(of);
  }
  override repr(): string {
    return `<${this.typeName} object at 0x7f0000000000>`;
  }
}

function iteratorName(of: Value | undefined): string {
  if (Array.isArray(of)) return 'list_reverseiterator';
  if (isDict(of)) return 'dict_reversekeyiterator';
  if (of instanceof PyRange) return 'range_iterator';
  return of instanceof PyDictView ? `dict_reverse${of.kind.slice(0, -1)}iterator` : 'reversed';
}

function* batches(items: readonly Value[], size: Value, fill: Value): Iterable<Value> {
  let batch: Value[] = [];
  for (const item of items) {
    if (equals(batch.length, size)) {
      yield batch;
      batch = [];
    }
    batch.push(item);
  }
  if (batch.length === 0) return;
  const wanted = whole(size, 0);
  while (fill !== null && batch.length < wanted) batch.push(fill);
  yield batch;
}

function* slices(items: readonly Value[], count: number, fill: Value): Iterable<Value> {
  if (count === 0) throw failed('integer division or modulo by zero', 'ZeroDivisionError');
  const each = Math.floor(items.length / count);
  const longer = items.length - each * count;
  for (let [index, start] = [0, 0]; index < count; index += 1) {
    const end = start + each + (index < longer ? 1 : 0);
    const slice = items.slice(start, end);
    start = end;
    yield fill !== null && index >= longer ? [...slice, fill] : slice;
  }
}

function* unique(items: readonly Value[], key: (item: Value) => Value): Iterable<Value> {
  const seen = new PySet();
  for (const item of items) {
    const own = key(item);
    if (seen.has(own)) continue;
    seen.add(own);
    yield item;
  }
}

function* pairs(value: Value): Iterable<Value> {
  if (value instanceof Undefined) return;
  if (!isDict(value)) throw typeError('Can only get item pairs from a mapping.');
  for (const entry of dictEntries(value)) yield new PyTuple(entry);
}

/** A group: a tuple with names. */
class Group extends PyTuple {
  override attribute(name: string): Value | undefined {
    return name === 'grouper' ? this.items[0] : name === 'list' ? this.items[1] : undefined;
  }
}

function groups(items: readonly Value[], of: { path: Value; otherwise: Value; caseMatters: boolean }, run: Run): Value {
  const key = comparedBy(of.path, of.caseMatters, of.otherwise);
  const shown = of.caseMatters ? key : attributeGetter(of.path, of.otherwise);
  const made: { key: Value; items: Value[] }[] = [];
  for (const item of sorted(items, { key, budget: run.budget })) {
    const own = key(item);
    const last = made.at(-1);
    if (last && equals(last.key, own, run.budget)) last.items.push(item);
    else made.push({ key: own, items: [item] });
  }
  return made.map((group) => new Group([shown(group.items[0] as Value), group.items]));
}

function dictsort(value: Value, caseMatters: boolean, [by, reverse]: readonly [Value, Value], run: Run): Value {
  if (by !== 'key' && by !== 'value')
    throw failed('You can only sort by either "key" or "value"', 'FilterArgumentError');
  if (!isDict(value)) throw failed(`'${typeName(value)}' object has no attribute 'items'`, 'AttributeError');
  const items = dictEntries(value).map((entry) => new PyTuple(entry));
  return sorted(items, {
    key: comparedBy(by === 'key' ? 0 : 1, caseMatters),
    reverse: truth(reverse),
    budget: run.budget,
  });
}

function sum(items: readonly Value[], start: Value, run: Run): Value {
  if (typeof start === 'string') throw typeError("sum() can't sum strings [use ''.join(seq) instead]");
  return items.reduce((total, item) => arithmetic('+', total, item, run.budget), start);
}

function join(items: readonly Value[], separator: Value, run: Run): Value {
  const marked = run.autoescape && [separator, ...items].some((item) => item instanceof Markup);
  const [texts, between] = [items.map((item) => str(item, run.budget)), str(separator, run.budget)];
  run.budget.output(texts.reduce((sum, text) => sum + text.length + between.length, 0));
  const text = texts.join(between);
  return marked ? new Markup(text) : text;
}

/** Items when they are asked for: not before that is their source gone through. */
const lazily = (name: string, make: () => Iterable<Value>): Generator =>
  new Generator(
    name,
    (function* () {
      yield* make();
    })(),
  );

const listed = (value: Value | undefined, run: Run): Value[] => [...itemsOf(value, run)];

/** Filters on lists and the like. */
export const SEQUENCE_FILTERS: readonly [string, Filter][] = [
  len('length'),
  len('count'),
  filter('first(seq)', ([value], run) => first(value, run)),
  filter('last(seq)', ([value], run) => orUndefined(backwards(value, run)[0], 'No last item, sequence was empty.')),
  filter('list(value)', ([value], run) => listed(value, run)),
  filter('reverse(value)', ([value], run) => reversed(value, run)),
  filter('join(value, d?, attribute?)', ([value, separator = '', path = null], run) =>
    join(itemsOf(value, run).map(attributeGetter(path)), separator, run),
  ),
  filter(
    'sort(value, reverse?, case_sensitive?, attribute?)',
    ([value, reverse = false, caseMatters = false, path = null], run) =>
      sorted(itemsOf(value, run), {
        key: comparedByAll(path, truth(caseMatters)),
        reverse: truth(reverse),
        budget: run.budget,
      }),
  ),
  filter('unique(value!, case_sensitive?, attribute?)', ([value, caseMatters = false, path = null], run) =>
    lazily('sync_do_unique', () => unique(itemsOf(value, run), comparedBy(path, truth(caseMatters)))),
  ),
  least('min', '<'),
  least('max', '>'),
  filter('sum(iterable, attribute?, start?)', ([value, path = null, start = 0], run) =>
    sum(itemsOf(value, run).map(attributeGetter(path)), start, run),
  ),
  filter('batch(value!, linecount, fill_with?)', ([value, size = null, fill = null], run) =>
    lazily('do_batch', () => batches(itemsOf(value, run), size, fill)),
  ),
  filter('slice(value!, slices, fill_with?)', ([value, count, fill = null], run) =>
    lazily('sync_do_slice', () => slices(itemsOf(value, run), whole(count, 0), fill)),
  ),
  filter('items(value!)', ([value = null]) => lazily('do_items', () => pairs(value))),
  filter(
    'dictsort(value, case_sensitive?, by?, reverse?)',
    ([value = null, caseMatters = false, by = 'key', reverse = false], run) =>
      dictsort(value, truth(caseMatters), [by, reverse], run),
  ),
  filter(
    'groupby(value, attribute, default?, case_sensitive?)',
    ([value, path = null, otherwise = null, caseMatters = false], run) =>
      groups(itemsOf(value, run), { path, otherwise, caseMatters: truth(caseMatters) }, run),
  ),
  filter('random(seq)', ([value = null], run) => {
    if (value instanceof PyObject && !value.length) throw typeError(`object of type '${typeName(value)}' has no len()`);
    length(value);
    const items = itemsOf(value, run);
    const at = Math.min(items.length - 1, Math.floor(run.chance() * items.length));
    return orUndefined(items[at], 'No random item, sequence was empty.');
  }),
];
