import type { Budget } from '../budget';
import { failed } from '../errors';
import { fromJsonString, jsonEscape, useNone } from '../functions/data';
import { jsonPathQuery } from '../functions/json-path';
import { regexMatch, regexReplace, regexSearch, regexSubstring } from '../functions/regex';
import type { Matching } from '../functions/regex';
import { basename, dirname, humanTime } from '../functions/text';
import { bumpMajor, bumpMinor, bumpPatch, stripPatch, versionCompare, versionMatch } from '../functions/versions';
import { dumpYaml, loadYaml } from '../functions/yaml';
import { dumps } from '../python/json';
import { iterate } from '../python/iterate';
import { str } from '../python/text';
import { isInt } from '../python/values';
import type { Value } from '../python/values';
import { yaqlFunctions } from '../yaql';
import type { HostFunction } from '../yaql';
import { WORKFLOW_FUNCTIONS } from './functions';
import type { WorkflowFunction, WorkflowScope } from './functions';

type Given = readonly (Value | undefined)[];

/** The same function under each of its names; `parameters` as in a signature, where keyword names are in camel case as yaql has them. */
const named = (
  names: readonly string[],
  parameters: string,
  call: (args: Given, budget: Budget) => Value,
): HostFunction[] =>
  names.map((name) => ({ signature: `${name}(${parameters})`, call: (args, { budget }) => call(args, budget) }));

const onOne = (name: string, call: (value: Value) => Value): HostFunction[] =>
  named([name], 'value: any', ([value = null]) => call(value));
const comparing = (name: string, call: (value: Value, pattern: Value) => Value): HostFunction[] =>
  named([name], 'value: any, pattern: any', ([value = null, pattern = null]) => call(value, pattern));

const numberOr = (value: Value | undefined, otherwise: number | null): number | null =>
  isInt(value) ? Number(value) : otherwise;

const matching = (pattern: Value | undefined, ignoreCase: Value | undefined, budget: Budget): Matching => ({
  pattern: str(pattern ?? null),
  ignoreCase: ignoreCase === true,
  budget,
});

function substring([value = null, pattern, index, ignore]: Given, budget: Budget): Value {
  const found = regexSubstring(value, matching(pattern, ignore, budget), numberOr(index, 0) ?? 0);
  if (found === undefined) throw failed('list index out of range', 'IndexError');
  return found;
}

function toJsonString([value = null, indent, sortKeys, separators]: Given, budget: Budget): Value {
  const [between = ',', afterKey = ': '] =
    separators === undefined || separators === null ? [] : iterate(separators).map((each) => str(each));
  return dumps(value, {
    indent: numberOr(indent, null),
    sortKeys: sortKeys === true,
    separators: [between, afterKey],
    budget,
  });
}

/** StackStorm's own functions. */
const STACKSTORM: readonly HostFunction[] = [
  ...named(['from_json_string', 'json_parse'], 'value: any', ([value = null]) => fromJsonString(value)),
  ...named(['from_yaml_string', 'yaml_parse'], 'value: any', ([value = null]) => loadYaml(value)),
  ...named(['to_json_string', 'json_dump'], 'value: any, indent: any=, sortKeys: any=, separators: any=', toJsonString),
  ...named(
    ['to_yaml_string', 'yaml_dump'],
    'value: any, indent: any=, allowUnicode: any=',
    ([value = null, indent], budget) => dumpYaml(value, { indent: numberOr(indent, 2) ?? 2, budget }),
  ),
  ...onOne('json_escape', jsonEscape),
  ...named(['jsonpath_query'], 'value: any, query: any', ([value = null, query = null], budget) =>
    jsonPathQuery(value, str(query), budget),
  ),
  ...onOne('use_none', useNone),
  ...onOne('basename', basename),
  ...onOne('dirname', dirname),
  ...onOne('to_human_time_from_seconds', humanTime),
  ...named(['regex_match'], 'value: any, pattern: any, ignorecase: any=', ([value = null, pattern, ignore], budget) =>
    regexMatch(value, matching(pattern, ignore, budget)),
  ),
  ...named(['regex_search'], 'value: any, pattern: any, ignorecase: any=', ([value = null, pattern, ignore], budget) =>
    regexSearch(value, matching(pattern, ignore, budget)),
  ),
  ...named(
    ['regex_replace'],
    'value: any, pattern: any, replacement: any, ignorecase: any=',
    ([value = null, pattern, fresh = null, ignore], budget) =>
      regexReplace(value, matching(pattern, ignore, budget), str(fresh)),
  ),
  ...named(['regex_substring'], 'value: any, pattern: any, resultIndex: any=, ignorecase: any=', substring),
  ...comparing('version_compare', versionCompare),
  ...comparing('version_more_than', (a, b) => versionCompare(a, b) > 0),
  ...comparing('version_less_than', (a, b) => versionCompare(a, b) < 0),
  ...comparing('version_equal', (a, b) => versionCompare(a, b) === 0),
  ...comparing('version_match', versionMatch),
  ...onOne('version_bump_major', bumpMajor),
  ...onOne('version_bump_minor', bumpMinor),
  ...onOne('version_bump_patch', bumpPatch),
  ...onOne('version_strip_patch', stripPatch),
];

const camelCased = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

function entry({ name, params, required, call }: WorkflowFunction): HostFunction {
  const list = params.map((param, index) =>
    param === '*' ? '*args: any, **' : `${camelCased(param)}: any${index < required ? '' : '='}`,
  );
  return {
    signature: `${name}(${list.join(', ')})`,
    call: (args, { outside, budget, named: byName }) =>
      call({ args, named: byName, scope: outside.host as WorkflowScope, budget }),
  };
}

/** Every function of a workflow's YAQL; those that see the workflow read its scope from outside. */
export const WORKFLOW_YAQL = yaqlFunctions([...STACKSTORM, ...WORKFLOW_FUNCTIONS.map(entry)]);
