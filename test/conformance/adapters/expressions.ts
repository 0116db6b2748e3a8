import { Budget } from '../../../src/expressions/budget';
import { STACKSTORM } from '../../../src/expressions/jinja/standard';
import { evaluateDocument } from '../../../src/expressions/orquesta/evaluate';
import { equals } from '../../../src/expressions/python/compare';
import { loads } from '../../../src/expressions/python/json';
import { repr, str } from '../../../src/expressions/python/text';
import {
  dictEntries,
  dictGet,
  emptyDict,
  isDict,
  isNumber,
  PySet,
  PyTuple,
  setKey,
  typeName,
} from '../../../src/expressions/python/values';
import type { Dict, Value } from '../../../src/expressions/python/values';
import { EverstormError } from '../../../src/model/errors';
import type { Judge } from './adapter';

const field = (value: Value | undefined, name: string): Value | undefined =>
  value !== undefined && isDict(value) ? dictGet(value, name) : undefined;

/** Where an object lies in memory is nobody's business. */
const withoutAddresses = (text: string): string => text.replace(/0x[0-9a-f]{6,}/gi, '0x…');

/** Judges cases of `expressions/*.jsonl` by the context they were recorded with (its JSON text). Pure: runs in a workflow as well. */
export function expressionJudge(contextText: string): Judge {
  const variables = loads(contextText) as Dict;
  const names = emptyDict();
  for (const [name, value] of dictEntries(variables)) setKey(names, String(name), value as never);

  const evaluate = (language: Value | undefined, expr: Value): Value =>
    language === 'jinja'
      ? STACKSTORM.template(String(expr)).render({ context: names })
      : evaluateDocument(expr, { variables, item: null }, new Budget());

  return (line) => {
    const recorded = loads(line);
    const [language, expr, expected] = ['lang', 'expr', 'expect'].map((name) => field(recorded, name));
    const error = field(expected, 'error');
    const wanted = error === undefined ? repr(field(expected, 'value') ?? null) : String(error);
    const id = String(field(recorded, 'id'));
    const base = { id, group: groupOf(language, expr), expected: wanted };
    let value: Value;
    try {
      value = evaluate(language, expr ?? null);
    } catch (failure) {
      const typed = failure instanceof EverstormError;
      return {
        ...base,
        passed: typed && error !== undefined,
        observed: `${typed ? '' : 'untyped: '}${String(failure)}`,
      };
    }
    return { ...base, passed: error === undefined && fits(value, expected), observed: repr(value) };
  };
}

/** Language, and the filter or function an expression ends with. */
function groupOf(language: Value | undefined, expr: Value | undefined): string {
  const text = String(expr);
  if (language === 'jinja')
    return `jinja ${text.includes('|') ? 'filters' : text.includes('{%') ? 'tags' : 'expressions'}`;
  return text.includes('<%') ? 'orquesta yaql' : /\{[{%]/.test(text) ? 'orquesta jinja' : 'orquesta text';
}

function fits(value: Value, expected: Value | undefined): boolean {
  const wanted = field(expected, 'value');
  const set = field(wanted, '$set');
  if (Array.isArray(set)) return value instanceof PySet && equals(asTexts(value.items), asTexts(set));
  if (wanted === undefined) return false;
  if (typeof value === 'string' && typeof wanted === 'string')
    return withoutAddresses(value) === withoutAddresses(wanted);
  return same(value, wanted) && typeFits(value, field(expected, 'type'));
}

const asTexts = (items: readonly Value[]): PySet => new PySet(items.map((item) => str(item)));

const typeFits = (value: Value, type: Value | undefined): boolean =>
  type === undefined || type === typeName(value).replace(/^FrozenDict$/, 'dict');

/** Equal, with integers, floats and booleans told apart at any depth. */
function same(a: Value, b: Value): boolean {
  // JSON has no tuples; the type of the whole is compared apart.
  if (a instanceof PyTuple) return same([...a.items], b);
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, at) => same(item, b[at] as Value));
  if (isDict(a)) return isDict(b) && sameEntries(a, b);
  return equals(a, b) && (!isNumber(a) || typeName(a) === typeName(b));
}

function sameEntries(a: Dict, b: Dict): boolean {
  const entries = dictEntries(a);
  if (entries.length !== dictEntries(b).length) return false;
  return entries.every(([key, value]) => {
    const other = dictGet(b, key);
    return other !== undefined && same(value, other);
  });
}
