import type { Budget } from '../budget';
import { failed } from '../errors';
import { jsonEscape, useNone } from '../functions/data';
import { regexMatch, regexReplace, regexSearch, regexSubstring } from '../functions/regex';
import type { Matching } from '../functions/regex';
import { basename, dirname, humanTime } from '../functions/text';
import { bumpMajor, bumpMinor, bumpPatch, stripPatch, versionCompare, versionMatch } from '../functions/versions';
import { dumpYaml, loadYaml } from '../functions/yaml';
import { dumps, loads } from '../python/json';
import { str } from '../python/text';
import { isInt } from '../python/values';
import type { Value } from '../python/values';
import { yaqlFunctions } from '../yaql';
import type { HostFunction } from '../yaql';
import type { Functions } from '../yaql/signature';
import { contextValue, isEnded, isFailed, isSucceeded, itemValue, resultOf, taskValue } from './functions';
import type { WorkflowScope } from './functions';

const entry = (signature: string, call: (...args: Value[]) => Value): HostFunction => ({
  signature,
  call: (args) => call(...args),
});

/** The same function under each of its names; `parameters` as in a signature. */
const named = (names: readonly string[], parameters: string, call: HostFunction['call']): HostFunction[] =>
  names.map((name) => ({ signature: `${name}(${parameters})`, call }));

const numberOr = (value: Value | undefined, otherwise: number | null): number | null =>
  isInt(value) ? Number(value) : otherwise;

const matching = (pattern: Value | undefined, ignoreCase: Value | undefined, budget: Budget): Matching => ({
  pattern: str(pattern ?? null),
  ignoreCase: ignoreCase === true,
  budget,
});

function substring([value, pattern, index]: readonly Value[], budget: Budget): Value {
  const found = regexSubstring(value ?? null, matching(pattern, false, budget), numberOr(index, 0) ?? 0);
  if (found === undefined) throw failed('list index out of range', 'IndexError');
  return found;
}

/** StackStorm's own functions, the same in every workflow. Keyword names are in camel case, as yaql has them. */
const STACKSTORM = yaqlFunctions([
  ...named(['json', 'from_json_string', 'json_parse'], 'value: any', ([value = null]) => loads(str(value))),
  ...named(['from_yaml_string', 'yaml_parse'], 'value: any', ([value = null]) => loadYaml(value)),
  ...named(
    ['to_json_string', 'json_dump'],
    'value: any, indent: any=, sortKeys: bool=',
    ([value = null, indent, sortKeys]) =>
      dumps(value, { indent: numberOr(indent, null), sortKeys: sortKeys === true, separators: [',', ': '] }),
  ),
  ...named(['to_yaml_string', 'yaml_dump'], 'value: any, indent: any=', ([value = null, indent], budget) =>
    dumpYaml(value, { indent: numberOr(indent, 2) ?? 2, budget }),
  ),
  entry('json_escape(value: any)', jsonEscape),
  entry('use_none(value: any)', useNone),
  entry('basename(path: any)', basename),
  entry('dirname(path: any)', dirname),
  entry('to_human_time_from_seconds(seconds: any)', humanTime),
  ...named(['regex_match'], 'value: any, pattern: any, ignorecase: any=', ([value = null, pattern, ignore], budget) =>
    regexMatch(value, matching(pattern, ignore, budget)),
  ),
  ...named(['regex_search'], 'value: any, pattern: any, ignorecase: any=', ([value = null, pattern, ignore], budget) =>
    regexSearch(value, matching(pattern, ignore, budget)),
  ),
  ...named(['regex_replace'], 'value: any, pattern: any, replacement: any', ([value = null, pattern, fresh], budget) =>
    regexReplace(value, matching(pattern, false, budget), str(fresh ?? null)),
  ),
  ...named(['regex_substring'], 'value: any, pattern: any, resultIndex: any=', substring),
  entry('version_compare(value: any, pattern: any)', versionCompare),
  entry('version_more_than(value: any, pattern: any)', (a, b) => versionCompare(a, b) > 0),
  entry('version_less_than(value: any, pattern: any)', (a, b) => versionCompare(a, b) < 0),
  entry('version_equal(value: any, pattern: any)', (a, b) => versionCompare(a, b) === 0),
  entry('version_match(value: any, pattern: any)', versionMatch),
  entry('version_bump_major(value: any)', bumpMajor),
  entry('version_bump_minor(value: any)', bumpMinor),
  entry('version_bump_patch(value: any)', bumpPatch),
  entry('version_strip_patch(value: any)', stripPatch),
]);

/** All functions of a workflow's YAQL with this scope. */
export function workflowFunctions(scope: WorkflowScope): Functions {
  return yaqlFunctions(
    [
      entry('ctx(key: any=)', (key) => contextValue(scope, key)),
      entry('item(key: any=)', (key) => itemValue(scope, key)),
      entry('result()', () => resultOf(scope)),
      entry('succeeded()', () => isSucceeded(scope)),
      entry('failed()', () => isFailed(scope)),
      entry('completed()', () => isEnded(scope)),
      entry(
        'task_status(taskId: any, route: any=)',
        (task, route) => scope.taskStatus?.(str(task), numberOr(route, null)) ?? 'null',
      ),
      entry('task(taskId: any=, route: any=)', (task, route) =>
        taskValue(scope, task === null ? null : str(task), numberOr(route, null)),
      ),
    ],
    STACKSTORM,
  );
}
