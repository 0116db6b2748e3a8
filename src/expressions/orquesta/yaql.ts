import { dumps, encodeString, loads } from '../python/json';
import { str } from '../python/text';
import { isInt } from '../python/values';
import type { Value } from '../python/values';
import { basename, dirname, humanTime, regexMatch, regexReplace, regexSearch, regexSubstring } from '../functions/text';
import { bumpMajor, bumpMinor, bumpPatch, stripPatch, versionCompare, versionMatch } from '../functions/versions';
import { dumpYaml, loadYaml } from '../functions/yaml';
import { yaqlFunctions } from '../yaql';
import type { HostFunction, YaqlFunctions } from '../yaql';
import { contextValue, isEnded, isFailed, isSucceeded, itemValue, resultOf, taskValue } from './functions';
import type { WorkflowScope } from './functions';

/** StackStorm's marker for None where only text survives. */
const NONE_MARKER = '%*****__%NONE%__*****%';

const json = (value: Value, indent: Value, sortKeys: Value): Value =>
  dumps(value, { indent: isInt(indent) ? Number(indent) : null, sortKeys: sortKeys === true, separators: [',', ': '] });

const entry = (signature: string, call: (...args: Value[]) => Value): HostFunction => ({
  signature,
  call: (args) => call(...args),
});

/** StackStorm's own functions, the same in every workflow. Keyword names are in camel case, as yaql has them. */
const COMMON: readonly HostFunction[] = [
  entry('json(value: any)', (value) => loads(str(value ?? null))),
  ...['from_json_string', 'json_parse'].map((name) =>
    entry(`${name}(value: any)`, (value) => loads(str(value ?? null))),
  ),
  ...['from_yaml_string', 'yaml_parse'].map((name) => entry(`${name}(value: any)`, (value) => loadYaml(value ?? null))),
  ...['to_json_string', 'json_dump'].map((name) =>
    entry(`${name}(value: any, indent: any=, sortKeys: bool=)`, (value, indent, sort) =>
      json(value ?? null, indent ?? null, sort ?? false),
    ),
  ),
  ...['to_yaml_string', 'yaml_dump'].map((name) =>
    entry(`${name}(value: any, indent: any=)`, (value, indent) =>
      dumpYaml(value ?? null, isInt(indent) ? Number(indent) : 2),
    ),
  ),
  entry('json_escape(value: any)', (value) => encodeString(str(value ?? null)).slice(1, -1)),
  entry('use_none(value: any)', (value) => (value === null || value === undefined ? NONE_MARKER : value)),
  entry('basename(path: any)', (path) => basename(path ?? null)),
  entry('dirname(path: any)', (path) => dirname(path ?? null)),
  entry('to_human_time_from_seconds(seconds: any)', (seconds) => humanTime(seconds ?? null)),
  entry('regex_match(value: any, pattern: any, ignorecase: any=)', (v, p, i) =>
    regexMatch(v ?? null, p ?? null, i ?? false),
  ),
  entry('regex_search(value: any, pattern: any, ignorecase: any=)', (v, p, i) =>
    regexSearch(v ?? null, p ?? null, i ?? false),
  ),
  entry('regex_replace(value: any, pattern: any, replacement: any)', (v, p, r) =>
    regexReplace(v ?? null, p ?? null, r ?? null),
  ),
  entry('regex_substring(value: any, pattern: any, resultIndex: any=)', (v, p, i) =>
    regexSubstring(v ?? null, p ?? null, i ?? 0),
  ),
  entry('version_compare(value: any, pattern: any)', (a, b) => versionCompare(a ?? null, b ?? null)),
  entry('version_more_than(value: any, pattern: any)', (a, b) => versionCompare(a ?? null, b ?? null) > 0),
  entry('version_less_than(value: any, pattern: any)', (a, b) => versionCompare(a ?? null, b ?? null) < 0),
  entry('version_equal(value: any, pattern: any)', (a, b) => versionCompare(a ?? null, b ?? null) === 0),
  entry('version_match(value: any, pattern: any)', (a, b) => versionMatch(a ?? null, b ?? null)),
  entry('version_bump_major(value: any)', (value) => bumpMajor(value ?? null)),
  entry('version_bump_minor(value: any)', (value) => bumpMinor(value ?? null)),
  entry('version_bump_patch(value: any)', (value) => bumpPatch(value ?? null)),
  entry('version_strip_patch(value: any)', (value) => stripPatch(value ?? null)),
];

/** All functions of a workflow's YAQL with this scope. */
export function workflowFunctions(scope: WorkflowScope): YaqlFunctions {
  const route = (value: Value | undefined): number | null => (isInt(value) ? Number(value) : null);
  return yaqlFunctions([
    ...COMMON,
    entry('ctx(key: any=)', (key) => contextValue(scope, key ?? null)),
    entry('item(key: any=)', (key) => itemValue(scope, key ?? null)),
    entry('result()', () => resultOf(scope)),
    entry('succeeded()', () => isSucceeded(scope)),
    entry('failed()', () => isFailed(scope)),
    entry('completed()', () => isEnded(scope)),
    entry(
      'task_status(taskId: any, route: any=)',
      (task, at) => scope.taskStatus?.(str(task ?? null), route(at)) ?? 'null',
    ),
    entry('task(taskId: any=, route: any=)', (task, at) =>
      taskValue(scope, task === null || task === undefined ? null : str(task), route(at)),
    ),
  ]);
}
