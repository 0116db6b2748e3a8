import { failed } from '../../errors';
import { fromJsonString, jsonEscape, useNone } from '../../functions/data';
import { jsonPathQuery } from '../../functions/json-path';
import { regexMatch, regexReplace, regexSearch, regexSubstring } from '../../functions/regex';
import type { Matching } from '../../functions/regex';
import { basename, dirname, humanTime } from '../../functions/text';
import { bumpMajor, bumpMinor, bumpPatch, stripPatch, versionCompare, versionMatch } from '../../functions/versions';
import { dumpYaml, loadYaml } from '../../functions/yaml';
import { truth } from '../../python/compare';
import { dumps } from '../../python/json';
import { iterate } from '../../python/iterate';
import { whole } from '../../python/methods/signature';
import { str } from '../../python/text';
import { KeyLookup } from '../../python/lookups';
import type { Value } from '../../python/values';
import type { Filter } from '../environment';
import type { Run } from '../run';
import { counted, filter } from './declare';

const matching = (pattern: Value | undefined, ignoreCase: Value | undefined, { budget }: Run): Matching => ({
  pattern: str(pattern ?? null),
  ignoreCase: ignoreCase !== undefined && truth(ignoreCase),
  budget,
});

const onOne = (name: string, body: (value: Value) => Value): [string, Filter] =>
  filter(`${name}(value)`, ([value = null]) => body(value));

const comparing = (name: string, body: (value: Value, other: Value) => Value): [string, Filter] =>
  filter(`${name}(value, pattern)`, ([value = null, other = null]) => body(value, other));

/** Functions of StackStorm's that templates and workflows have alike. Source: st2common/expressions/functions. */
export const COMMON_FILTERS: readonly [string, Filter][] = [
  onOne('from_json_string', fromJsonString),
  onOne('from_yaml_string', loadYaml),
  filter(
    'to_json_string(value, indent?, sort_keys?, separators?)',
    ([value = null, indent = null, sort = false, separators = null], run) => {
      const [between = ',', afterKey = ': '] = separators === null ? [] : iterate(separators).map((each) => str(each));
      const text = dumps(value, {
        indent: indent === null || typeof indent === 'string' ? indent : whole(indent, 0),
        sortKeys: truth(sort),
        separators: [between, afterKey],
        budget: run.budget,
      });
      return counted(text, run);
    },
  ),
  filter('to_yaml_string(value!, indent?, allow_unicode?)', ([value = null, indent = null], run) =>
    dumpYaml(value instanceof KeyLookup ? value.text : value, {
      indent: indent === null ? 2 : whole(indent, 2),
      budget: run.budget,
    }),
  ),
  onOne('json_escape', jsonEscape),
  filter('jsonpath_query(value, query)', ([value = null, query = null], run) =>
    jsonPathQuery(value, str(query), run.budget),
  ),
  onOne('use_none', useNone),
  filter('regex_match(value, pattern, ignorecase?)', ([value = null, pattern, ignore], run) =>
    regexMatch(value, matching(pattern, ignore, run)),
  ),
  filter('regex_search(value, pattern, ignorecase?)', ([value = null, pattern, ignore], run) =>
    regexSearch(value, matching(pattern, ignore, run)),
  ),
  filter(
    'regex_replace(value, pattern, replacement, ignorecase?)',
    ([value = null, pattern, fresh = null, ignore], run) =>
      regexReplace(value, matching(pattern, ignore, run), str(fresh)),
  ),
  filter(
    'regex_substring(value, pattern, result_index?, ignorecase?)',
    ([value = null, pattern, index, ignore], run) => {
      const found = regexSubstring(value, matching(pattern, ignore, run), whole(index, 0));
      if (found === undefined) throw failed('list index out of range', 'IndexError');
      return found;
    },
  ),
  onOne('to_human_time_from_seconds', humanTime),
  onOne('basename', basename),
  onOne('dirname', dirname),
  comparing('version_compare', versionCompare),
  comparing('version_more_than', (value, other) => versionCompare(value, other) > 0),
  comparing('version_less_than', (value, other) => versionCompare(value, other) < 0),
  comparing('version_equal', (value, other) => versionCompare(value, other) === 0),
  comparing('version_match', versionMatch),
  onOne('version_bump_major', bumpMajor),
  onOne('version_bump_minor', bumpMinor),
  onOne('version_bump_patch', bumpPatch),
  onOne('version_strip_patch', stripPatch),
];

/** Those that templates have and workflows have not. */
export const TEMPLATE_FILTERS: readonly [string, Filter][] = [
  filter('decrypt_kv(value!)', ([value]) => {
    if (value instanceof KeyLookup) return value.decrypted;
    throw failed('only a stored key can be decrypted: st2kv.<scope>.<name> | decrypt_kv', 'ValueError');
  }),
  filter('to_complex(value)', ([value = null], run) => counted(dumps(value, { budget: run.budget }), run)),
];
