import { Environment } from '../jinja/environment';
import type { Filter } from '../jinja/environment';
import { NativeFunction } from '../jinja/callable';
import { COMMON_FILTERS } from '../jinja/filters/stackstorm';
import { GLOBALS } from '../jinja/globals';
import type { Run } from '../jinja/run';
import { STANDARD_FILTERS } from '../jinja/standard';
import { TESTS } from '../jinja/tests';
import type { CallArgs } from '../python/methods';
import { bind, parseSignature } from '../python/methods/signature';
import { plain } from '../python/values';
import type { Value } from '../python/values';
import { WORKFLOW_FUNCTIONS } from './functions';
import type { WorkflowFunction, WorkflowScope } from './functions';

/** Second names of StackStorm's functions, which only workflows have. */
const ALIASES: readonly [string, string][] = [
  ['json_parse', 'from_json_string'],
  ['json_dump', 'to_json_string'],
  ['yaml_parse', 'from_yaml_string'],
  ['yaml_dump', 'to_yaml_string'],
];

const common = new Map(COMMON_FILTERS);
const FUNCTIONS = new Map<string, Filter>([
  ...common,
  ...ALIASES.map(([alias, name]): [string, Filter] => [alias, common.get(name) as Filter]),
  ...WORKFLOW_FUNCTIONS.map((each): [string, Filter] => [each.name, callOf(each)]),
]);
/** Those that see the workflow make no sense behind a `|`, where the value would be taken for what they see. */
const FILTERS = [...FUNCTIONS].filter(([name]) => name === 'zip' || name === 'json' || !isOfWorkflow(name));

function isOfWorkflow(name: string): boolean {
  return WORKFLOW_FUNCTIONS.some((each) => each.name === name);
}

function callOf({ name, params, required, call }: WorkflowFunction): Filter {
  const takesAny = params.includes('*');
  const signature = parseSignature(
    `${name}(${params.map((param, index) => (index < required ? param : `${param}?`)).join(', ')})`,
  );
  return (args: CallArgs, run: Run): Value =>
    call({
      args: takesAny ? args.positional.map(plain) : bind(signature, args),
      named: args.named,
      scope: run.host as WorkflowScope,
      budget: args.budget,
    });
}

/** Jinja as workflows have it: every function of theirs as such and, where that makes sense, as a filter. Source: Orquesta's jinja.py. */
export const WORKFLOW_JINJA = new Environment(
  new Map([...STANDARD_FILTERS, ...FILTERS]),
  TESTS,
  new Map<string, Value>([
    ...GLOBALS,
    ...[...FUNCTIONS].map(([name, body]): [string, Value] => [name, new NativeFunction(name, body)]),
  ]),
);
