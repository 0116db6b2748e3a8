import type { Budget } from '../budget';
import { failed } from '../errors';
import { truth } from '../python/compare';
import { str } from '../python/text';
import type { Value } from '../python/values';
import type { Argument, Node } from './ast';
import type { Context } from './context';
import { Args, fits, isCloser, isLazy } from './signature';
import type { Arg, Env, Functions, FunctionSpec, Lambda, Outside, Param } from './signature';

type Given = { positional: (Argument & object)[]; named: Map<string, Node> };
/** A function whose parameters the arguments fill in number and kind; the nodes by parameter (the rest's at the end). */
interface Candidate {
  spec: FunctionSpec;
  slots: (Slot | undefined)[];
  params: Param[];
  /** Keyword arguments of a function that takes any. */
  named: ReadonlyMap<string, Node>;
}
type Slot = { value: Value } | { node: Node } | { rule: { key: Node; value: Node } };

const NONE = Symbol('no receiver');
type Receiver = Value | typeof NONE;

/** Evaluates trees of YAQL. One for each evaluation. */
export class Engine {
  constructor(
    private readonly functions: Functions,
    readonly budget: Budget,
    private readonly outside: Outside,
  ) {}

  evaluate(node: Node, context: Context): Value {
    this.budget.step();
    return this.budget.nested(() => this.evaluateNode(node, context));
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
        return this.invoke(node.name, node.args, { context, receiver: NONE });
      case 'list':
        return this.invoke('#list', node.args, { context, receiver: NONE });
      case 'map':
        return this.invoke('#map', node.args, { context, receiver: NONE });
      case 'index':
        return this.invoke('#indexer', [{ value: node.object }, ...node.args], { context, receiver: NONE });
      case 'unary':
        return this.invoke(`#unary_operator_${node.operator}`, [{ value: node.operand }], { context, receiver: NONE });
      case 'binary':
        return this.binary(node, context);
    }
  }

  private binary({ operator, left, right }: Extract<Node, { kind: 'binary' }>, context: Context): Value {
    if (operator === '.' || operator === '?.') {
      const receiver = this.evaluate(left, context);
      return operator === '?.' && receiver === null ? null : this.member(receiver, right, context);
    }
    if (operator === 'and' || operator === 'or') {
      const first = this.evaluate(left, context);
      return (operator === 'and') === truth(first) ? this.evaluate(right, context) : first;
    }
    const name = operator === '=' ? '*equal' : operator === '!=' ? '*not_equal' : `#operator_${operator}`;
    return this.invoke(name, [{ value: left }, { value: right }], { context, receiver: NONE });
  }

  /** What stands behind a dot: a method's call, or a name. */
  private member(receiver: Value, right: Node, context: Context): Value {
    if (right.kind === 'call') return this.invoke(right.name, right.args, { context, receiver });
    if (right.kind === 'word') return this.callValues('#operator_.', [receiver, right.name], context);
    throw failed('No function "#operator_." matches supplied arguments', 'NoMatchingFunctionException');
  }

  /** Calls a function with values that are there already. */
  callValues(name: string, values: readonly Value[], context: Context, receiver: Receiver = NONE): Value {
    const args = values.map((value): Argument => ({ value: { kind: 'constant', value, at: 0 } }));
    return this.invoke(name, args, { context, receiver });
  }

  private invoke(name: string, args: readonly Argument[], of: { context: Context; receiver: Receiver }): Value {
    const { context, receiver } = of;
    const defined = receiver === NONE ? context.defined(name) : undefined;
    if (defined) return defined(args.map((arg) => (arg ? this.evaluate(arg.value, context) : null)));
    const isMethod = receiver !== NONE;
    const known =
      this.functions.get(name)?.filter(({ use }) => use === 'both' || (use === 'method') === isMethod) ?? [];
    if (known.length === 0) throw unknown(name, receiver);
    const candidates = known.flatMap((spec) => candidateOf(spec, args, receiver) ?? []);
    const [first] = candidates;
    if (!first) throw unmatched(name, receiver);
    const evaluated = new Map<Node, Value>();
    const chosen = this.choose(candidates, { context, evaluated });
    if (!chosen) throw unmatched(name, receiver);
    const env: Env = {
      budget: this.budget,
      outside: this.outside,
      context,
      call: (other, values) => this.callValues(other, values, context),
      callMethod: (other, self, values) => this.callValues(other, values, context, self),
    };
    try {
      const named = new Map([...chosen.named].map(([key, node]) => [key, this.evaluate(node, context)] as const));
      return chosen.spec.body(new Args(chosen.args, env, named));
    } catch (error) {
      if (error === STOP) throw failed('', 'StopIteration');
      throw error;
    }
  }

  /** The candidate that takes the arguments' types; of several the closest. */
  private choose(
    candidates: readonly Candidate[],
    { context, evaluated }: { context: Context; evaluated: Map<Node, Value> },
  ): { spec: FunctionSpec; args: Arg[]; named: ReadonlyMap<string, Node> } | null {
    let best: { candidate: Candidate; args: Arg[] } | null = null;
    for (const candidate of candidates) {
      const args = candidate.slots.map((slot, index) =>
        slot ? this.argument(slot, candidate.params[index] as Param, { context, evaluated }) : undefined,
      );
      if (!args.every((arg, index) => fits(candidate.params[index] as Param, arg))) continue;
      if (!best || isCloserCandidate(candidate, best.candidate)) best = { candidate, args };
    }
    return best && { spec: best.candidate.spec, args: best.args, named: best.candidate.named };
  }

  private argument(slot: Slot, param: Param, of: { context: Context; evaluated: Map<Node, Value> }): Arg {
    if ('value' in slot) return slot.value;
    if ('rule' in slot) {
      const { key, value } = slot.rule;
      return { source: this.lambda(key, of.context), destination: this.lambda(value, of.context) };
    }
    const { node } = slot;
    if (param.type === 'word') return node.kind === 'word' ? node.name : String((node as { value?: Value }).value);
    if (isLazy(param.type)) return this.lambda(node, of.context);
    const known = of.evaluated.get(node);
    if (known !== undefined) return known;
    const value = this.evaluate(node, of.context);
    of.evaluated.set(node, value);
    return value;
  }

  private lambda(node: Node, outer: Context): Lambda {
    return (args, context) => this.evaluate(node, (context ?? outer).child(args));
  }
}

/** Python's end of an iterator that something still wanted from. */
export const STOP = Symbol('StopIteration');

function candidateOf(spec: FunctionSpec, args: readonly Argument[], receiver: Receiver): Candidate | null {
  const given = spec.takesMappings ? { positional: args.filter((arg) => arg !== null), named: new Map() } : split(args);
  if (!given) return null;
  const slots: Slot[] = receiver === NONE ? [] : [{ value: receiver }];
  for (const arg of given.positional)
    slots.push(arg.key ? { rule: { key: arg.key, value: arg.value } } : { node: arg.value });
  return place(spec, slots, given.named);
}

function split(args: readonly Argument[]): Given | null {
  const given: Given = { positional: [], named: new Map() };
  for (const arg of args) {
    if (!arg) continue;
    if (!arg.key) given.positional.push(arg);
    else if (arg.key.kind === 'word') given.named.set(arg.key.name, arg.value);
    else return null;
  }
  return given;
}

function place(spec: FunctionSpec, slots: readonly Slot[], named: ReadonlyMap<string, Node>): Candidate | null {
  const fixed = spec.params.filter(({ rest }) => !rest);
  const rest = spec.params.find((param) => param.rest);
  if (slots.length > fixed.length && !rest) return null;
  const filled: (Slot | undefined)[] = fixed.map((param, index) => {
    const byName = named.get(param.name);
    return slots[index] ?? (byName && { node: byName });
  });
  const names = new Set(fixed.slice(slots.length).map(({ name }) => name));
  if (!spec.anyNames && [...named.keys()].some((name) => !names.has(name))) return null;
  const params = [...fixed];
  for (const slot of slots.slice(fixed.length)) {
    filled.push(slot);
    params.push(rest as Param);
  }
  const complete = filled.every((slot, index) => slotFits(slot, params[index] as Param));
  return complete ? { spec, slots: filled, params, named: spec.anyNames ? named : new Map() } : null;
}

/** What can be said before anything is evaluated. */
function slotFits(slot: Slot | undefined, param: Param): boolean {
  if (!slot) return param.optional;
  if ('rule' in slot) return param.type === 'rule';
  if (param.type === 'rule') return false;
  if ('value' in slot) return isLazy(param.type) || fits(param, slot.value);
  if (param.type === 'word') return slot.node.kind === 'word' || slot.node.kind === 'constant';
  if (slot.node.kind === 'constant') return isLazy(param.type) || fits(param, slot.node.value);
  return true;
}

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
