import { isPythonError } from '../errors';
import { hasMethod } from '../python/methods';
import { subscript } from '../python/subscript';
import { dictGet, float, isDict, isFloat, isNumber, PyObject, typeName } from '../python/values';
import { KeyLookup, Undefined } from '../python/lookups';
import type { Value } from '../python/values';
import { BoundMethod } from './callable';
import { Markup } from './markup';

/** What every Python object has and no template may see; other names with underscores are nothing special. */
const HIDDEN =
  /^__(?:class|init|new|doc|dir|eq|ne|lt|le|gt|ge|hash|str|repr|format|sizeof|reduce|reduce_ex|subclasshook|init_subclass|getattribute|setattr|delattr|getstate|module|dict|mro|bases|subclasses|globals|code|func|self|closure|builtins|import|len|iter|contains|getitem|add|mul|call|name|qualname|defaults|kwdefaults|annotations)__$/;

/** `value.name` as Jinja's sandbox has it: an attribute of Python's type first, then an item. What isn't there is {@link Undefined}. */
export function attribute(value: Value, name: string): Value {
  return firstOf(value, name, [special, ownItem]);
}

/** `value.name` without regard to items, as the filter `attr` has it. */
export const attributeOnly = (value: Value, name: string): Value => firstOf(value, name, [special]);

/** `value[key]`: an item first, then an attribute. */
export function item(value: Value, key: Value): Value {
  const own = found(value, key);
  if (own !== undefined) return own;
  return typeof key === 'string' ? firstOf(value, key, [special]) : missing(value, key);
}

/** What the first way that leads anywhere leads to. */
function firstOf(
  value: Value,
  name: string,
  ways: readonly ((value: Value, name: string) => Value | undefined)[],
): Value {
  for (const way of ways) {
    const reached = way(value, name);
    if (reached !== undefined) return reached;
  }
  return missing(value, name);
}

const ownItem = (value: Value, name: string): Value | undefined => (isDict(value) ? dictGet(value, name) : undefined);

/** An item as Python's `[]` finds it; undefined where that fails. */
function found(value: Value, key: Value): Value | undefined {
  if (isDict(value) && typeof key === 'string') return dictGet(value, key);
  if (value instanceof KeyLookup) return typeof key === 'string' ? value.get(key) : undefined;
  return quietly(() => subscript(value, key));
}

function quietly(work: () => Value): Value | undefined {
  try {
    return work();
  } catch (error) {
    if (isPythonError(error, 'TypeError', 'LookupError')) return undefined;
    throw error;
  }
}

/** What Python's type of the value has by this name. Throws UndefinedError for a missing value. */
function special(value: Value, name: string): Value | undefined {
  if (value instanceof Undefined) throw value.error();
  if (name.startsWith('_')) return HIDDEN.test(name) ? unsafe(value, name) : undefined;
  if (value instanceof PyObject && value.attribute) {
    const own = value.attribute(name);
    if (own !== undefined) return own;
  }
  if (hasMethod(value instanceof Markup ? value.text : value, name)) return new BoundMethod(value, name);
  return isNumber(value) ? numberPart(value, name) : undefined;
}

function numberPart(value: Value, name: string): Value | undefined {
  if (name === 'real') return typeof value === 'boolean' ? Number(value) : value;
  if (name === 'imag') return isFloat(value) ? float(0) : 0;
  if (isFloat(value)) return undefined;
  if (name === 'numerator') return typeof value === 'boolean' ? Number(value) : value;
  return name === 'denominator' ? 1 : undefined;
}

const shown = (value: Value): string => (value === null ? 'None' : `${typeName(value)} object`);

const unsafe = (value: Value, name: string): Undefined =>
  new Undefined(
    `access to attribute '${name}' of '${value === null ? 'NoneType' : typeName(value)}' object is unsafe.`,
    'SecurityError',
  );

function missing(value: Value, key: Value): Undefined {
  if (value instanceof Undefined) throw value.error();
  const what = typeof key === 'string' ? `attribute '${key}'` : `element ${String(key)}`;
  return new Undefined(`'${shown(value)}' has no ${what}`);
}
