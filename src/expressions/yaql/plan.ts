import type { Argument, Node } from './ast';
import { fits, isLazy } from './signature';
import type { Functions, FunctionSpec, Param } from './signature';

/**
 * Where an argument comes from: a value that is there before (the receiver), a node (`at` numbers the nodes of the call), or a mapping of
 * nodes.
 */
export type Slot =
  | { kind: 'value'; value: number }
  | { kind: 'node'; node: Node; at: number }
  | { kind: 'rule'; key: Node; value: Node };

/** A function whose parameters the arguments fill in number and kind; the slots by parameter (the rest's at the end). */
export interface Candidate {
  spec: FunctionSpec;
  slots: readonly (Slot | undefined)[];
  params: readonly Param[];
  /** Keyword arguments of a function that takes any. */
  named: ReadonlyMap<string, Node>;
}
/** What a call can mean. */
export interface Plan {
  /** Whether there is any function of that name. */
  known: boolean;
  /** Nodes among the arguments. */
  nodes: number;
  candidates: readonly Candidate[];
}

export interface Call {
  name: string;
  args: readonly Argument[];
  /** How many values go before the arguments. */
  values: number;
  isMethod: boolean;
}

/** What calls mean, found once for each place in a text: by its node, or for calls from within by name and number. */
export class Plans {
  private readonly byNode = new WeakMap<Node, Plan>();
  private readonly byName = new Map<string, Plan>();
  constructor(private readonly functions: Functions) {}

  ofNode(node: Node, call: () => Call): Plan {
    const made = this.byNode.get(node);
    if (made) return made;
    const plan = planOf(call(), this.functions);
    this.byNode.set(node, plan);
    return plan;
  }
  ofValues(name: string, values: number, isMethod: boolean): Plan {
    const key = `${isMethod ? '.' : ''}${name} ${values}`;
    const made = this.byName.get(key);
    if (made) return made;
    const plan = planOf({ name, args: [], values, isMethod }, this.functions);
    // Names of properties come from texts: there is no end of them.
    if (plan.known) this.byName.set(key, plan);
    return plan;
  }
}

function planOf(call: Call, functions: Functions): Plan {
  const specs = (functions.get(call.name) ?? []).filter(
    ({ use }) => use === 'both' || (use === 'method') === call.isMethod,
  );
  const candidates = specs.flatMap((spec) => candidateOf(spec, call) ?? []);
  return { known: specs.length > 0, nodes: call.args.length, candidates };
}

type NamedNode = Extract<Slot, { kind: 'node' }>;
type Given = { positional: (Argument & object)[]; named: Map<string, NamedNode> };

function candidateOf(spec: FunctionSpec, { args, values }: Call): Candidate | null {
  const given = spec.takesMappings ? { positional: args.filter((arg) => arg !== null), named: new Map() } : split(args);
  if (!given) return null;
  const slots: Slot[] = Array.from({ length: values }, (_, value) => ({ kind: 'value', value }));
  for (const arg of given.positional) {
    const at = args.indexOf(arg);
    slots.push(arg.key ? { kind: 'rule', key: arg.key, value: arg.value } : { kind: 'node', node: arg.value, at });
  }
  return place(spec, slots, given.named);
}

function split(args: readonly Argument[]): Given | null {
  const given: Given = { positional: [], named: new Map() };
  for (const [at, arg] of args.entries()) {
    if (!arg) continue;
    if (!arg.key) given.positional.push(arg);
    else if (arg.key.kind === 'word') given.named.set(arg.key.name, { kind: 'node', node: arg.value, at });
    else return null;
  }
  return given;
}

function place(spec: FunctionSpec, slots: readonly Slot[], named: ReadonlyMap<string, NamedNode>): Candidate | null {
  const fixed = spec.params.filter(({ rest }) => !rest);
  const rest = spec.params.find((param) => param.rest);
  if (slots.length > fixed.length && !rest) return null;
  const filled: (Slot | undefined)[] = fixed.map((param, index) => slots[index] ?? named.get(param.name));
  const names = new Set(fixed.slice(slots.length).map(({ name }) => name));
  if (!spec.anyNames && [...named.keys()].some((name) => !names.has(name))) return null;
  const params = [...fixed];
  for (const slot of slots.slice(fixed.length)) {
    filled.push(slot);
    params.push(rest as Param);
  }
  const complete = filled.every((slot, index) => slotFits(slot, params[index] as Param));
  const nodes = spec.anyNames ? [...named].map(([name, { node }]) => [name, node] as const) : [];
  return complete ? { spec, slots: filled, params, named: new Map(nodes) } : null;
}

/** What can be said before anything is evaluated. */
function slotFits(slot: Slot | undefined, param: Param): boolean {
  if (!slot) return param.optional;
  if (slot.kind === 'rule') return param.type === 'rule';
  if (param.type === 'rule') return false;
  if (slot.kind === 'value') return true;
  if (param.type === 'word') return slot.node.kind === 'word' || slot.node.kind === 'constant';
  if (slot.node.kind === 'constant') return isLazy(param.type) || fits(param, slot.node.value);
  return true;
}
