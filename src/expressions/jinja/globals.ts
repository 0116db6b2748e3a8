import { overflowError, typeError } from '../errors';
import { iterate } from '../python/iterate';
import { makeRange } from '../python/range';
import { dictEntries, isDict, PyDict, PyObject } from '../python/values';
import type { Value } from '../python/values';
import { Callable, NativeFunction } from './callable';
import type { CallArgs } from '../python/methods';
import { Markup } from './markup';

/** `namespace()`: what blocks within can assign to. */
export class Namespace extends PyObject {
  readonly typeName = 'Namespace';
  constructor(private readonly values: Map<string, Value>) {
    super();
  }
  set(name: string, value: Value): void {
    this.values.set(name, value);
  }
  override attribute(name: string): Value | undefined {
    return this.values.get(name);
  }
  override repr(): string {
    return '<Namespace>';
  }
}

class Cycler extends PyObject {
  readonly typeName = 'Cycler';
  private position = 0;
  constructor(private readonly items: readonly Value[]) {
    super();
  }
  private get current(): Value {
    return this.items[this.position] as Value;
  }
  override attribute(name: string): Value | undefined {
    if (name === 'current') return this.current;
    if (name === 'reset') return new NativeFunction('reset', () => ((this.position = 0), null));
    if (name !== 'next') return undefined;
    return new NativeFunction('next', () => {
      const { current } = this;
      this.position = (this.position + 1) % this.items.length;
      return current;
    });
  }
}

class Joiner extends Callable {
  readonly typeName = 'Joiner';
  private used = false;
  constructor(private readonly separator: Value) {
    super();
  }
  call(): Value {
    if (this.used) return this.separator;
    this.used = true;
    return '';
  }
}

/** `range` of the sandbox takes no more items than this. */
const MAX_RANGE = 100_000;

function range({ positional, budget }: CallArgs): Value {
  const made = makeRange(positional);
  if (made.length() > MAX_RANGE)
    throw overflowError(`Range too big. The sandbox blocks ranges larger than MAX_RANGE (${MAX_RANGE}).`);
  budget.step();
  return made;
}

/** Python's `dict(...)`: pairs or a mapping, and names. */
function dictOf({ positional, named, budget }: CallArgs): PyDict {
  if (positional.length > 1) throw typeError(`dict expected at most 1 argument, got ${positional.length}`);
  const [first] = positional;
  const made = new PyDict();
  if (first !== undefined) {
    const pairs = isDict(first) ? dictEntries(first) : iterate(first).map((pair) => iterate(pair));
    budget.step(pairs.length);
    for (const [key, value, more] of pairs) {
      if (key === undefined || value === undefined || more !== undefined)
        throw typeError('cannot convert dictionary update sequence element to a sequence');
      made.set(key, value);
    }
  }
  for (const [name, value] of named) made.set(name, value);
  return made;
}

const LOREM = 'lorem ipsum dolor sit amet consectetuer adipiscing elit';

const native = (name: string, body: (args: CallArgs) => Value): [string, Value] => [
  name,
  new NativeFunction(name, body),
];

/** Jinja's own functions. `lipsum` always gives the same text: there is no chance in here. */
export const GLOBALS: ReadonlyMap<string, Value> = new Map([
  native('range', range),
  native('dict', dictOf),
  native('namespace', (args) => {
    const given = dictEntries(dictOf(args)).map(([key, value]) => [String(key), value] as const);
    return new Namespace(new Map(given));
  }),
  native('cycler', ({ positional }) => {
    if (positional.length === 0) throw typeError('at least one item has to be provided');
    return new Cycler(positional);
  }),
  native('joiner', ({ positional, named }) => new Joiner(positional[0] ?? named.get('sep') ?? ', ')),
  native('lipsum', () => new Markup(`<p>${LOREM}.</p>`)),
]);
