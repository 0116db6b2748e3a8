import { typeError } from '../errors';
import { equals, truth } from '../python/compare';
import { iterate } from '../python/iterate';
import type { CallArgs } from '../python/methods';
import { PyTuple } from '../python/values';
import { Undefined } from '../python/lookups';
import type { Value } from '../python/values';
import type { Node } from './ast';
import { bind } from './bind';
import { Callable, NativeFunction } from './callable';
import { compileExpression } from './compile-expression';
import type { Compiling, Emit, Sink } from './compiling';
import type { Scope } from './scope';

/** Renders the body for the items of a value, `depth` loops deep. */
type Recurse = (iterable: Value, depth: number) => string;

/** The variable `loop`. */
class Loop extends Callable {
  readonly typeName = 'LoopContext';
  index0 = 0;
  private seen: Value | null = null;
  constructor(
    private readonly items: readonly Value[],
    private readonly depth0: number,
    private readonly recurse: Recurse | null,
  ) {
    super();
  }
  override repr(): string {
    return `<LoopContext ${this.index0 + 1}/${this.items.length}>`;
  }
  override length(): number {
    return this.items.length;
  }
  // eslint-disable-next-line complexity -- one name after the other
  override attribute(name: string): Value | undefined {
    const { index0, items, depth0 } = this;
    switch (name) {
      case 'index':
        return index0 + 1;
      case 'index0':
        return index0;
      case 'revindex':
        return items.length - index0;
      case 'revindex0':
        return items.length - index0 - 1;
      case 'first':
        return index0 === 0;
      case 'last':
        return index0 === items.length - 1;
      case 'length':
        return items.length;
      case 'depth':
        return depth0 + 1;
      case 'depth0':
        return depth0;
      case 'previtem':
        return index0 > 0 ? items[index0 - 1] : new Undefined('there is no previous item');
      case 'nextitem':
        return index0 + 1 < items.length ? items[index0 + 1] : new Undefined('there is no next item');
      case 'cycle':
        return new NativeFunction('cycle', ({ positional }) => this.cycle(positional));
      case 'changed':
        return new NativeFunction('changed', ({ positional, budget }) => {
          const value = new PyTuple(positional);
          if (this.seen !== null && equals(this.seen, value, budget)) return false;
          this.seen = value;
          return true;
        });
      default:
        return undefined;
    }
  }
  private cycle(values: readonly Value[]): Value {
    if (values.length === 0) throw typeError('no items for cycling given');
    return values[this.index0 % values.length] as Value;
  }
  call({ positional: [iterable = null] }: CallArgs): Value {
    if (!this.recurse) throw typeError("The loop must have the 'recursive' marker to be called recursively.");
    return this.recurse(iterable, this.depth0 + 1);
  }
}

/** Compiles `{% for %}`: each round has variables of its own. */
export function compileFor(node: Extract<Node, { type: 'for' }>, compiling: Compiling): Emit {
  const iterable = compileExpression(node.iterable, compiling);
  const test = node.test && compileExpression(node.test, compiling);
  const body = compiling.body(node.body, compiling);
  const otherwise = compiling.body(node.otherwise, compiling);

  const kept = (value: Value, scope: Scope): Value[] => {
    const items = iterate(value);
    scope.run.budget.step(items.length);
    if (!test) return items;
    return items.filter((each) => {
      const inner = scope.inner();
      bind(node.target, each, inner);
      return truth(test(inner));
    });
  };

  const emit = (of: { value: Value; depth: number }, scope: Scope, sink: Sink): void => {
    const items = kept(of.value, scope);
    if (items.length === 0) return otherwise(scope.inner(), sink);
    const recurse: Recurse = (value, depth) => {
      const inside: Sink = { text: '' };
      emit({ value, depth }, scope, inside);
      return inside.text;
    };
    const loop = new Loop(items, of.depth, node.recursive ? recurse : null);
    items.forEach((each, index) => {
      loop.index0 = index;
      const inner = scope.inner();
      inner.set('loop', loop);
      bind(node.target, each, inner);
      body(inner, sink);
    });
  };
  return (scope, sink) => emit({ value: iterable(scope), depth: 0 }, scope, sink);
}
