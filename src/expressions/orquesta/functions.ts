import { failed } from '../errors';
import { str } from '../python/text';
import { dictGet, isDict } from '../python/values';
import type { Dict, Value } from '../python/values';

/** What the functions of a workflow's expressions see. Pure: `st2kv` is answered from keys that the caller fetched. */
export interface WorkflowScope {
  /** Variables in sight: `ctx()`. Names that begin with `__` are the conductor's own and hidden. */
  variables: Dict;
  /** `item()` in a task with items. */
  item?: Value;
  /** Status and result of the task whose transition is evaluated. */
  task?: { status: string; result: Value };
  /** Status of a task by its name and route. */
  taskStatus?: (task: string, route: number | null) => string;
  /** The dict that `task(name)` gives; undefined when there is no such task. */
  taskOf?: (task: string | null, route: number | null) => Value | undefined;
}

const COMPLETED = new Set(['succeeded', 'failed', 'expired', 'timeout', 'abandoned', 'canceled']);

export function contextValue(scope: WorkflowScope, key: Value): Value {
  if (key === null) return scope.variables;
  const name = str(key);
  if (name.startsWith('__'))
    throw failed(`The variable "${name}" is for internal use and inaccessible.`, 'VariableInaccessibleError');
  const found = dictGet(scope.variables, name);
  if (found === undefined) throw failed(`The variable "${name}" is undefined.`, 'VariableUndefinedError');
  return found;
}

export function itemValue(scope: WorkflowScope, key: Value): Value {
  const { item } = scope;
  if (item === undefined) throw failed('The current item is not set in the context.', 'ExpressionEvaluationException');
  if (key === null) return item;
  const found = isDict(item) ? dictGet(item, key) : undefined;
  if (found === undefined)
    throw isDict(item)
      ? failed(`Item does not have key "${str(key)}".`, 'ExpressionEvaluationException')
      : failed('Item is not type of dict.', 'ExpressionEvaluationException');
  return found;
}

function current({ task }: WorkflowScope): { status: string; result: Value } {
  if (task) return task;
  throw failed('The current task is not set in the context.', 'ExpressionEvaluationException');
}

/** `task(name)`. */
export function taskValue({ taskOf }: WorkflowScope, task: string | null, route: number | null): Value {
  const found = taskOf?.(task, route);
  if (found !== undefined) return found;
  throw failed(`Unable to find task execution for "${task ?? ''}".`, 'ExpressionEvaluationException');
}

/** `succeeded()` and its like. */
export const isSucceeded = (scope: WorkflowScope): boolean => current(scope).status === 'succeeded';
export const isFailed = (scope: WorkflowScope): boolean =>
  ['failed', 'expired', 'timeout', 'abandoned'].includes(current(scope).status);
export const isEnded = (scope: WorkflowScope): boolean => COMPLETED.has(current(scope).status);
export const resultOf = (scope: WorkflowScope): Value => current(scope).result;
