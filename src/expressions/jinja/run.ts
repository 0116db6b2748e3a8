import type { Budget } from '../budget';
import { beyondBound } from '../errors';
import { dictEntries, isDict, PyDict, PyObject, PyTuple } from '../python/values';
import { KeyLookup, Undefined } from '../python/lookups';
import type { Value } from '../python/values';
import { keySourceOf } from '../keys';
import type { Environment } from './environment';

/** Names a template sees. */
export type Names = Readonly<Record<string, unknown>>;

/** `self`: a template's blocks by name. */
class Blocks extends PyObject {
  readonly typeName = 'TemplateReference';
  readonly known = new Map<string, Value>();
  override attribute(name: string): Value | undefined {
    return this.known.get(name);
  }
  override repr(): string {
    return '<TemplateReference None>';
  }
}

/** One rendering of one template. */
export class Run {
  /** Set within `{% autoescape %}`. */
  autoescape = false;
  /** Offset in the template of what is being rendered. */
  at = 0;
  /** The template's blocks so far. */
  readonly blocks = new Blocks();
  /** Variables of the context as this run has them, when the template may change them; theirs stay as they were. */
  readonly copies: Map<string, Value> | null;

  constructor(
    readonly environment: Environment,
    private readonly context: Names,
    readonly budget: Budget,
    options: { changes: boolean; host?: unknown; chance?: () => number },
  ) {
    this.copies = options.changes ? new Map() : null;
    this.host = options.host;
    this.chance = options.chance ?? ((): number => 0);
  }
  /** What the host's functions read. */
  readonly host: unknown;
  /** A number from 0 to below 1; always 0 unless the caller brings chance along. */
  readonly chance: () => number;

  /** A name that no block binds: one of the context, else one of the language; else it is undefined. */
  global(name: string): Value {
    const copied = this.copies?.get(name);
    if (copied !== undefined) return copied;
    const found = Object.hasOwn(this.context, name) ? (this.context[name] as Value | undefined) : undefined;
    if (found === undefined && name === 'self') return this.blocks;
    if (found === undefined) return this.environment.globals.get(name) ?? new Undefined(`'${name}' is undefined`);
    if (name === 'st2kv') return new KeyLookup(keySourceOf(found));
    if (!this.copies) return found;
    const copy = deepCopy(found, this.budget);
    this.copies.set(name, copy);
    return copy;
  }
}

/** A value with lists, dicts and tuples of its own. */
export function deepCopy(value: Value, budget: Budget, depth = 0): Value {
  if (typeof value !== 'object' || value === null) return value;
  budget.step();
  if (depth > 200) throw beyondBound('value is nested more than 200 deep');
  const copy = (item: Value): Value => deepCopy(item, budget, depth + 1);
  if (Array.isArray(value)) return value.map(copy);
  if (isDict(value)) return new PyDict(dictEntries(value).map(([key, item]) => [key, copy(item)] as const));
  return value instanceof PyTuple ? new PyTuple(value.items.map(copy)) : value;
}
