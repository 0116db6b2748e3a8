import { Undefined } from '../python/lookups';
import type { Node } from './ast';
import { NativeFunction } from './callable';
import { rendered } from './compiling';
import type { Compiling, Emit } from './compiling';
import { Scope } from './scope';

/** Compiles `{% block %}`: there is no other template to take it over, so it renders where it stands, with the template's own variables. */
export function compileBlock(node: Extract<Node, { type: 'block' }>, compiling: Compiling): Emit {
  const emit = compiling.body(node.body, compiling);
  return (scope, sink) => {
    const inside = (): Scope => {
      const inner = node.scoped ? scope.inner() : new Scope(scope.run, scope.outermost);
      inner.set('super', new Undefined(`there is no parent block called '${node.name}'.`));
      return inner;
    };
    scope.run.blocks.known.set(node.name, new NativeFunction(node.name, () => rendered(emit, inside())));
    emit(inside(), sink);
  };
}
