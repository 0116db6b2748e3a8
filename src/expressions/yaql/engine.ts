import type { Budget } from '../budget';
import { failed } from '../errors';
import { truth } from '../python/compare';
import { str } from '../python/text';
import type { Value } from '../python/values';
import type { Argument, Node } from './ast';
import type { Context } from './context';
import { Plans } from './plan';
import type { Candidate, Plan, Slot } from './plan';
import { Args, fits, isCloser, isLazy } from './signature';
import type { Arg, Env, Functions, Lambda, Outside, Param } from './signature';

const NONE = Symbol('no receiver');
type Receiver = Value | typeof NONE;

/** A call with what it needs: the values that go before its arguments. */
interface Calling {
  name: string;
  values: readonly Value[];
  receiver: Receiver;
  context: Context;
  /** Values of the arguments' nodes so far, while its meaning is looked for. */
  evaluated?: (Value | undefined)[];
}

interface Choosing extends Calling {
  evaluated: (Value | undefined)[];
}

const NONE_EVALUATED: (Value | undefined)[] = [];
const plansOf = new WeakMap<Functions, Plans>();

/** Evaluates trees of YAQL. One for each evaluation. */
export class Engine {
  /** Offset of what is being evaluated. */
  at = 0;
  private readonly plans: Plans;
  constructor(
    functions: Functions,
    readonly budget: Budget,
    readonly outside: Outside,
  ) {
    this.plans = plansOf.get(functions) ?? new Plans(functions);
    plansOf.set(functions, this.plans);
  }

  evaluate(node: Node, context: Context): Value {
    this.budget.step();
    this.budget.enter();
    this.at = node.at;
    try {
      return this.evaluateNode(node, context);
    } finally {
      this.budget.leave();
    }
  }

  private evaluateNode(node: Node, context: Context): Value {
    switch (node.kind) {
      case 'constant':
        return node.value;
      case 'word':
        return node.name;
      case 'variable':
        return context.get(node.name);
      case 'call':
        return this.invoke(node, node.args, { name: node.name, values: [], receiver: NONE, context });
      case 'list':
        return this.invoke(node, node.args, { name: '#list', values: [], receiver: NONE, context });
      case 'map':
        return this.invoke(node, node.args, { name: '#map', values: [], receiver: NONE, context });
      case 'index': {
        const args = [{ value: node.object }, ...node.args];
        return this.invoke(node, args, { name: '#indexer', values: [], receiver: NONE, context });
      }
      case 'unary': {
        const name = `#unary_operator_${node.operator}`;
        return this.invoke(node, [{ value: node.operand }], { name, values: [], receiver: NONE, context });
      }
      case 'binary':
        return this.binary(node, context);
    }
  }

  private binary(node: Extract<Node, { kind: 'binary' }>, context: Context): Value {
    const { operator, left, right } = node;
    if (operator === '.' || operator === '?.') {
      const receiver = this.evaluate(left, context);
      return operator === '?.' && receiver === null ? null : this.member(receiver, right, context);
    }
    if (operator === 'and' || operator === 'or') {
      const first = this.evaluate(left, context);
      return (operator === 'and') === truth(first) ? this.evaluate(right, context) : first;
    }
    const name = operator === '=' ? '*equal' : operator === '!=' ? '*not_equal' : `#operator_${operator}`;
    return this.invoke(node, [{ value: left }, { value: right }], { name, values: [], receiver: NONE, context });
  }

  /** What stands behind a dot: a method's call, or a name. */
  private member(receiver: Value, right: Node, context: Context): Value {
    if (right.kind === 'call')
      return this.invoke(right, right.args, { name: right.name, values: [receiver], receiver, context });
    if (right.kind === 'word') return this.callValues('#operator_.', [receiver, right.name], context);
    throw failed('No function "#operator_." matches supplied arguments', 'NoMatchingFunctionException');
  }

  /** Calls a function with values that are there already. */
  callValues(name: string, values: readonly Value[], context: Context, receiver: Receiver = NONE): Value {
    const all = receiver === NONE ? values : [receiver, ...values];
    const defined = receiver === NONE ? context.defined(name) : undefined;
    if (defined) return defined(values);
    const plan = this.plans.ofValues(name, all.length, receiver !== NONE);
    return this.perform(plan, { name, values: all, receiver, context });
  }

  private invoke(node: Node, args: readonly Argument[], calling: Calling): Value {
    const { name, values, receiver, context } = calling;
    const defined = receiver === NONE ? context.defined(name) : undefined;
    if (defined) return defined(args.map((arg) => (arg ? this.evaluate(arg.value, context) : null)));
    const isMethod = receiver !== NONE;
    const plan = this.plans.ofNode(node, () => ({ name, args, values: values.length, isMethod }));
    return this.perform(plan, calling);
  }

  private perform({ known, nodes: count, candidates }: Plan, calling: Calling): Value {
    const { name, receiver, context } = calling;
    // A call takes as long as two other steps.
    this.budget.step(2);
    if (!known) throw unknown(name, receiver);
    calling.evaluated = count === 0 ? NONE_EVALUATED : new Array<Value | undefined>(count);
    const chosen = this.choose(candidates, calling as Choosing);
    if (!chosen) throw unmatched(name, receiver);
    const { spec, named: nodes } = chosen.candidate;
    const env = new CallEnv(this, context);
    const named = nodes.size === 0 ? NO_NAMES : this.evaluateAll(nodes, context);
    try {
      return spec.body(new Args(chosen.args, env, named));
    } catch (error) {
      if (error === STOP) throw failed('', 'StopIteration');
      throw error;
    }
  }

  private evaluateAll(nodes: ReadonlyMap<string, Node>, context: Context): Map<string, Value> {
    return new Map([...nodes].map(([key, node]) => [key, this.evaluate(node, context)] as const));
  }

  /** The candidate that takes the arguments' types; of several the closest. A node is evaluated once, whoever asks. */
  private choose(candidates: readonly Candidate[], of: Choosing): { candidate: Candidate; args: Arg[] } | null {
    let best: { candidate: Candidate; args: Arg[] } | null = null;
    for (let index = 0; index < candidates.length; index += 1) {
      const candidate = candidates[index] as Candidate;
      if (!valuesFit(candidate, of)) continue;
      const args = this.argumentsOf(candidate, of);
      if (args && (!best || isCloserCandidate(candidate, best.candidate))) best = { candidate, args };
    }
    return best;
  }

  /** The arguments, null when one doesn't fit. */
  private argumentsOf({ slots, params }: Candidate, of: Choosing): Arg[] | null {
    const args: Arg[] = [];
    let fit = true;
    for (let index = 0; index < slots.length; index += 1) {
      const slot = slots[index];
      const param = params[index] as Param;
      const arg = slot ? this.argument(slot, param, of) : undefined;
      fit &&= fits(param, arg);
      args.push(arg);
    }
    return fit ? args : null;
  }

  private argument(slot: Slot, param: Param, of: Choosing): Arg {
    if (slot.kind === 'value') {
      const value = of.values[slot.value] as Value;
      return isLazy(param.type) ? lazyValue(value, param) : value;
    }
    if (slot.kind === 'rule')
      return { source: this.lambda(slot.key, of.context), destination: this.lambda(slot.value, of.context) };
    const { node, at } = slot;
    if (param.type === 'word') return node.kind === 'word' ? node.name : String((node as { value?: Value }).value);
    if (isLazy(param.type)) return this.lambda(node, of.context);
    const known = of.evaluated[at];
    if (known !== undefined) return known;
    const value = this.evaluate(node, of.context);
    of.evaluated[at] = value;
    return value;
  }

  private lambda(node: Node, outer: Context): Lambda {
    return (args, context) => this.evaluate(node, (context ?? outer).child(args));
  }
}

/** What a function gets of the evaluation that calls it. */
class CallEnv implements Env {
  constructor(
    private readonly engine: Engine,
    readonly context: Context,
  ) {}
  get budget(): Budget {
    return this.engine.budget;
  }
  get outside(): Outside {
    return this.engine.outside;
  }
  call(name: string, values: readonly Value[]): Value {
    return this.engine.callValues(name, values, this.context);
  }
  callMethod(name: string, self: Value, values: readonly Value[]): Value {
    return this.engine.callValues(name, values, this.context, self);
  }
}

/** Python's end of an iterator that something still wanted from. */
export const STOP = Symbol('StopIteration');

/** Whether what is there already fits; what isn't evaluated yet may. */
function valuesFit({ slots, params }: Candidate, { values, evaluated }: Choosing): boolean {
  for (let index = 0; index < slots.length; index += 1) {
    const slot = slots[index];
    const param = params[index] as Param;
    if (!slot || slot.kind === 'rule' || isLazy(param.type)) continue;
    const value = slot.kind === 'value' ? values[slot.value] : evaluated[slot.at];
    if (value !== undefined && !fits(param, value)) return false;
  }
  return true;
}

const NO_NAMES: ReadonlyMap<string, Value> = new Map();

/** A value where something is wanted that is evaluated later. */
const lazyValue = (value: Value, { type }: Param): Arg => (type === 'word' ? str(value) : () => value);

function isCloserCandidate(a: Candidate, b: Candidate): boolean {
  return a.params.some((param, index) => isCloser(param.type, b.params[index]?.type ?? 'any'));
}

function unknown(name: string, receiver: Receiver): Error {
  return receiver === NONE
    ? failed(`Unknown function "${name}"`, 'NoFunctionRegisteredException')
    : failed(`Unknown method "${name}" for receiver ${str(receiver)}`, 'NoMethodRegisteredException');
}

function unmatched(name: string, receiver: Receiver): Error {
  return receiver === NONE
    ? failed(`No function "${name}" matches supplied arguments`, 'NoMatchingFunctionException')
    : failed(
        `No method "${name}" for receiver ${str(receiver)} matches supplied arguments`,
        'NoMatchingMethodException',
      );
}
