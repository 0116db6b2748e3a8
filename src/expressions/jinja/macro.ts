import { failed, typeError } from '../errors';
import type { CallArgs } from '../python/methods';
import { PyDict, PyTuple } from '../python/values';
import { Undefined } from '../python/lookups';
import type { Value } from '../python/values';
import { str } from '../python/text';
import type { Node, Signature } from './ast';
import { Callable, callValue } from './callable';
import { compileArguments, compileExpression } from './compile-expression';
import type { Code } from './compile-expression';
import { rendered } from './compiling';
import type { Compiling, Emit } from './compiling';
import { Markup } from './markup';
import { usesOf } from './names';
import type { Run } from './run';
import type { Scope } from './scope';

/** What a macro is, wherever it is called. */
interface Definition {
  name: string;
  params: readonly string[];
  defaults: readonly Code[];
  /** Names of its own that the body reads: `varargs`, `kwargs`, `caller`. */
  reads: ReadonlySet<string>;
  emit: Emit;
}

/** A macro, with the variables around it. */
class Macro extends Callable {
  readonly typeName = 'Macro';
  constructor(
    private readonly definition: Definition,
    private readonly scope: Scope,
  ) {
    super();
  }
  override repr(): string {
    return `<Macro '${this.definition.name}'>`;
  }
  override attribute(name: string): Value | undefined {
    const { definition } = this;
    if (name === 'name') return definition.name;
    if (name === 'arguments') return new PyTuple(definition.params);
    if (name === 'catch_varargs') return definition.reads.has('varargs');
    if (name === 'catch_kwargs') return definition.reads.has('kwargs');
    return name === 'caller' ? definition.reads.has('caller') : undefined;
  }
  call(args: CallArgs, run: Run): Value {
    const scope = this.scope.inner();
    this.take(args, scope);
    const text = rendered(this.definition.emit, scope);
    return run.autoescape ? new Markup(text) : text;
  }

  private take({ positional, named }: CallArgs, scope: Scope): void {
    const { name, params, defaults, reads } = this.definition;
    const left = new Map(named);
    const firstDefault = params.length - defaults.length;
    params.forEach((param, index) => {
      if (index < positional.length) {
        if (left.has(param)) throw typeError(`macro '${name}' got multiple values for argument '${param}'`);
        return scope.set(param, positional[index] as Value);
      }
      const given = left.get(param);
      left.delete(param);
      const fallback = defaults[index - firstDefault];
      const absent = new Undefined(`parameter '${param}' was not provided`);
      scope.set(param, given !== undefined ? given : fallback ? fallback(scope) : absent);
    });
    if (reads.has('caller')) {
      scope.set('caller', left.get('caller') ?? new Undefined('No caller defined'));
      left.delete('caller');
    }
    if (reads.has('kwargs')) scope.set('kwargs', new PyDict(left));
    else for (const key of left.keys()) throw typeError(`macro '${name}' takes no keyword argument '${key}'`);
    if (reads.has('varargs')) scope.set('varargs', new PyTuple(positional.slice(params.length)));
    else if (positional.length > params.length)
      throw typeError(`macro '${name}' takes not more than ${params.length} argument(s)`);
  }
}

function define(
  name: string,
  { params, defaults }: Signature,
  body: readonly Node[],
  compiling: Compiling,
): Definition {
  if (params.includes('caller') && defaults.length === 0)
    throw failed(
      'When defining macros or call blocks the special "caller" argument must be omitted or be given a default.',
    );
  const used = usesOf(body).names;
  return {
    name,
    params,
    defaults: defaults.map((each) => compileExpression(each, compiling)),
    reads: new Set(['varargs', 'kwargs', 'caller'].filter((each) => used.has(each) && !params.includes(each))),
    emit: compiling.body(body, compiling),
  };
}

/** Compiles `{% macro %}`. */
export function compileMacro(node: Extract<Node, { type: 'macro' }>, compiling: Compiling): Emit {
  const definition = define(node.name, node.signature, node.body, compiling);
  return (scope) => scope.set(node.name, new Macro(definition, scope));
}

/** Compiles `{% call %}`: the body is a macro that the one called gets as `caller`. */
export function compileCallBlock(node: Extract<Node, { type: 'call-block' }>, compiling: Compiling): Emit {
  const definition = define('caller', node.signature, node.body, compiling);
  const callee = compileExpression(node.call.callee, compiling);
  const args = compileArguments(node.call.args, compiling);
  return (scope, sink) => {
    const given = args(scope);
    const named = new Map(given.named).set('caller', new Macro(definition, scope));
    const text = str(callValue(callee(scope), { ...given, named }, scope.run), scope.run.budget);
    scope.run.budget.output(text.length);
    sink.text += text;
  };
}
