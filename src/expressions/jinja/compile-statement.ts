import { failed, typeError } from '../errors';
import { truth } from '../python/compare';
import { str } from '../python/text';
import { typeName } from '../python/values';
import type { Expr, Node } from './ast';
import { bind } from './bind';
import { compileBlock } from './blocks';
import { compileExpression, compileFilter } from './compile-expression';
import type { Code } from './compile-expression';
import { leniently, rendered } from './compiling';
import type { Compiling, Emit, Sink } from './compiling';
import { compileFor } from './loop';
import { compileCallBlock, compileMacro } from './macro';
import { escaped, Markup } from './markup';
import type { Scope } from './scope';

type Of<T extends Node['type']> = Extract<Node, { type: T }>;

/** Compiles nodes to one closure that renders them. Throws EXPRESSION_SYNTAX. */
export function compileBody(nodes: readonly Node[], compiling: Compiling): Emit {
  const emits = nodes.map((node) => compileNode(node, compiling));
  const [only] = emits;
  if (emits.length === 1 && only) return only;
  return (scope, sink) => {
    for (const emit of emits) emit(scope, sink);
  };
}

function compileNode(node: Node, compiling: Compiling): Emit {
  const before = compiling.size;
  const emit = (COMPILERS[node.type] as (node: Node, compiling: Compiling) => Emit)(node, compiling);
  const weight = 1 + compiling.size - before;
  const { at } = node;
  return (scope, sink) => {
    scope.run.at = at;
    scope.run.budget.step(weight);
    emit(scope, sink);
  };
}

function write(text: string, scope: Scope, sink: Sink): void {
  scope.run.budget.output(text.length);
  sink.text += text;
}

const COMPILERS: { [T in Node['type']]: (node: Of<T>, compiling: Compiling) => Emit } = {
  text:
    ({ text }) =>
    (scope, sink) =>
      write(text, scope, sink),
  output: ({ expr }, compiling) => {
    const code = compileExpression(expr, compiling);
    return (scope, sink) => {
      const value = code(scope);
      const { run } = scope;
      write(run.autoescape ? escaped(value).text : str(value, run.budget), scope, sink);
    };
  },
  if: ({ branches, otherwise }, compiling) => {
    const inside = leniently(compiling);
    const compiled = branches.map(({ test, body }) => ({
      test: compileExpression(test, compiling),
      emit: compileBody(body, inside),
    }));
    const last = compileBody(otherwise, inside);
    return (scope, sink) => {
      const branch = compiled.find(({ test }) => truth(test(scope)));
      (branch ? branch.emit : last)(scope, sink);
    };
  },
  for: (node, compiling) => compileFor(node, compiling),
  set: ({ target, value }, compiling) => {
    const code = compileExpression(value, compiling);
    return (scope) => bind(target, code(scope), scope);
  },
  'set-block': ({ target, filter, body }, compiling) => {
    const code = filteredBody(body, filter, compiling);
    return (scope) => bind(target, code(scope), scope);
  },
  with: ({ bindings, body }, compiling) => {
    const values = bindings.map(({ target, value }) => ({ target, code: compileExpression(value, compiling) }));
    const emit = compileBody(body, compiling);
    return (scope, sink) => {
      const inner = scope.inner();
      for (const { target, code } of values) bind(target, code(scope), inner);
      emit(inner, sink);
    };
  },
  macro: (node, compiling) => compileMacro(node, compiling),
  'call-block': (node, compiling) => compileCallBlock(node, compiling),
  'filter-block': ({ filter, body }, compiling) => {
    const code = filteredBody(body, filter, compiling);
    return (scope, sink) => {
      const made = code(scope);
      if (typeof made === 'string') return write(made, scope, sink);
      if (!(made instanceof Markup)) throw typeError(`expected str instance, ${typeName(made)} found`);
      write(made.text, scope, sink);
    };
  },
  block: (node, compiling) => compileBlock(node, compiling),
  autoescape: ({ on, body }, compiling) => {
    const [code, emit] = [compileExpression(on, compiling), compileBody(body, compiling)];
    return (scope, sink) => {
      const { run } = scope;
      const before = run.autoescape;
      run.autoescape = truth(code(scope));
      try {
        emit(scope.inner(), sink);
      } finally {
        run.autoescape = before;
      }
    };
  },
  load: ({ template }, compiling) => {
    const code = compileExpression(template, compiling);
    return (scope) => {
      code(scope);
      throw typeError('no loader for this environment specified');
    };
  },
};

/** A body as a value, filtered when there is a filter. */
function filteredBody(body: readonly Node[], filter: Expr | null, compiling: Compiling): Code {
  const emit = compileBody(body, compiling);
  const text: Code = (scope) => {
    const made = rendered(emit, scope.inner());
    return scope.run.autoescape ? new Markup(made) : made;
  };
  if (!filter) return text;
  if (filter.type !== 'filter') throw failed('a block takes filters only');
  return compileFilter(filter, compiling, text);
}
