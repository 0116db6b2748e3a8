import type { Budget } from '../budget';
import { failed, typeError } from '../errors';
import { keyId } from '../keys';
import type { KeyRequest, StoredKeys } from '../keys';
import { truth } from '../python/compare';
import { iterate } from '../python/iterate';
import { loads } from '../python/json';
import { str } from '../python/text';
import { dictEntries, dictGet, isDict, isInt, PyDict, PyTuple } from '../python/values';
import type { Dict, Value } from '../python/values';
import { FrozenDict } from '../yaql/values';

/** What the functions of a workflow's expressions see. Pure: `st2kv` is answered from keys that the caller fetched. */
export interface WorkflowScope {
  /**
   * Variables in sight: `ctx()`. Names that begin with `__` are the conductor's own and hidden. Not to be changed in place afterwards:
   * evaluations remember what they made of a value.
   */
  variables: Dict;
  /** `item()` in a task with items. */
  item?: Value;
  /** Status and result of the task whose transition is evaluated. */
  task?: { status: string; result: Value };
  /** Status of a task by its name and route. */
  taskStatus?: (task: string, route: number | null) => string;
  /** The dict that `task(name)` gives; undefined when there is no such task. */
  taskOf?: (task: string | null, route: number | null) => Value | undefined;
  /** Stored keys, for `st2kv()`. */
  keys?: StoredKeys;
  /** Milliseconds since 1970, for `now()`. */
  now?: () => number;
  /** A number from 0 to below 1, for `random()`. */
  chance?: () => number;
}

/** Arguments of a call: undefined where none was given. */
export interface WorkflowCall {
  args: readonly (Value | undefined)[];
  /** Keyword arguments of a function that takes any number of positional ones. */
  named: ReadonlyMap<string, Value>;
  scope: WorkflowScope;
  budget: Budget;
}

/** A function of both languages. */
export interface WorkflowFunction {
  name: string;
  /** Parameters by name, the first `required` of which must be given; `*` takes any number. */
  params: readonly string[];
  required: number;
  call(call: WorkflowCall): Value;
}

const COMPLETED = new Set(['succeeded', 'failed', 'expired', 'timeout', 'abandoned', 'canceled']);
const FAILED = new Set(['failed', 'expired', 'timeout', 'abandoned']);

const evaluationFailed = (message: string): Error => failed(message, 'ExpressionEvaluationException');
const isGiven = (key: Value | undefined): key is Value => key !== undefined && truth(key);
const routeOf = (route: Value | undefined): number | null => (isInt(route) ? Number(route) : null);

function context({ variables }: WorkflowScope, key: Value | undefined): Value {
  if (!isGiven(key))
    return new PyDict(dictEntries(variables).filter(([name]) => !(typeof name === 'string' && name.startsWith('__'))));
  const name = str(key);
  if (name.startsWith('__'))
    throw failed(`The variable "${name}" is for internal use and inaccessible.`, 'VariableInaccessibleError');
  const found = dictGet(variables, name);
  if (found === undefined) throw failed(`The variable "${name}" is undefined.`, 'VariableUndefinedError');
  return found;
}

function itemOf({ item }: WorkflowScope, key: Value | undefined): Value {
  if (item === undefined) throw evaluationFailed('The current item is not set in the context.');
  if (!isGiven(key)) return item;
  if (!isDict(item)) throw evaluationFailed('Item is not type of collections.Mapping.');
  const found = dictGet(item, key);
  if (found === undefined) throw evaluationFailed(`Item does not have key "${str(key)}".`);
  return found;
}

function current({ task }: WorkflowScope): { status: string; result: Value } {
  if (task) return task;
  throw evaluationFailed('The current task is not set in the context.');
}

function taskOf({ taskOf: find }: WorkflowScope, task: Value | undefined, route: number | null): Value {
  const name = task === undefined || task === null ? null : str(task);
  const found = find?.(name, route);
  if (found !== undefined) return found;
  throw evaluationFailed(`Unable to find task execution for "${name ?? ''}".`);
}

/** Lists side by side to the length of the longest; None is an empty one, a single one is itself. */
function zip({ args, named, budget }: WorkflowCall): Value {
  const [only] = args;
  if (args.length === 1 && only !== undefined) return only === null ? [] : only;
  const columns = args.map((arg) => (arg === undefined || arg === null ? [] : iterate(arg)));
  const length = Math.max(0, ...columns.map((column) => column.length));
  budget.step(length * (columns.length + 1));
  const pad = named.get('pad') ?? null;
  const cell = (column: readonly Value[], index: number): Value =>
    index < column.length ? (column[index] as Value) : pad;
  return Array.from({ length }, (_, index) => new PyTuple(columns.map((column) => cell(column, index))));
}

function json(value: Value): Value {
  // yaql's own dicts are none to Orquesta.
  if (isDict(value) && !(value instanceof FrozenDict)) return value;
  if (typeof value !== 'string') throw typeError('Given object is not typeof string.');
  return loads(value);
}

/** `system.name`; any other name is the user's own. */
function keyRequest(key: string, decrypt: boolean): KeyRequest {
  const [, scope, name] = /^(system|user)\.(.+)$/s.exec(key) ?? [];
  return { scope: scope === 'system' ? 'system' : 'user', name: name ?? key, decrypt };
}

function storedKey({ args: [key = null, decrypt = false, otherwise], scope: { keys } }: WorkflowCall): Value {
  if (typeof key !== 'string') throw typeError('Given key is not typeof string.');
  if (typeof decrypt !== 'boolean') throw typeError('Decrypt parameter is not typeof bool.');
  const request = keyRequest(key, decrypt);
  const value = keys?.find(request) ?? null;
  if (value !== null) return value;
  if (keys?.lacking.some((each) => keyId(each) === keyId(request))) return '';
  if (otherwise !== undefined) return otherwise;
  throw evaluationFailed(`The key "${key}" does not exist in the StackStorm datastore.`);
}

const define = (name: string, params: string, call: WorkflowFunction['call']): WorkflowFunction => {
  const names = params.split(', ').filter((param) => param !== '');
  const required = names.filter((param) => !param.endsWith('?') && param !== '*').length;
  return { name, params: names.map((param) => param.replace('?', '')), required, call };
};

/** The conductor's functions and those StackStorm adds to them, which see the workflow. */
export const WORKFLOW_FUNCTIONS: readonly WorkflowFunction[] = [
  define('ctx', 'key?', ({ args: [key], scope }) => context(scope, key)),
  define('item', 'key?', ({ args: [key], scope }) => itemOf(scope, key)),
  define('result', '', ({ scope }) => current(scope).result),
  define('succeeded', '', ({ scope }) => current(scope).status === 'succeeded'),
  define('failed', '', ({ scope }) => FAILED.has(current(scope).status)),
  define('completed', '', ({ scope }) => COMPLETED.has(current(scope).status)),
  define(
    'task_status',
    'task_id, route?',
    ({ args: [task = null, route], scope }) => scope.taskStatus?.(str(task), routeOf(route)) ?? 'null',
  ),
  define('task', 'task_id?, route?', ({ args: [task, route], scope }) => taskOf(scope, task, routeOf(route))),
  define('st2kv', 'key, decrypt?, default?', storedKey),
  define('zip', '*', zip),
  define('json', 's', ({ args: [value = null] }) => json(value)),
];
