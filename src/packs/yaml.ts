import { isScalar, LineCounter, parseDocument } from 'yaml';
import type { ScalarTag, Tags } from 'yaml';
import type { JsonValue } from '../model/json';
import type { PackProblem } from './problem';
import { problem } from './problem';

export type YamlResult = { ok: true; value: JsonValue } | { ok: false; problems: PackProblem[] };

const TIMESTAMP_TAG = 'tag:yaml.org,2002:timestamp';
const BOOLEAN_TAG = 'tag:yaml.org,2002:bool';
const MAX_ALIASES = 100;

/** PyYAML's resolver: unlike the YAML 1.1 specification, a lone `y` or `n` stays text. */
const PYYAML_TRUE = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const PYYAML_FALSE = /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/;

const isTag = (tag: Tags[number], name: string): boolean => typeof tag === 'object' && tag.tag === name;

/** Dates stay text because definitions travel as JSON. */
function pyYamlTags(tags: Tags): Tags {
  return tags
    .filter((tag) => tag !== 'timestamp' && !isTag(tag, TIMESTAMP_TAG))
    .map((tag) => {
      if (!isTag(tag, BOOLEAN_TAG)) return tag;
      const scalar = tag as ScalarTag;
      return { ...scalar, test: scalar.test?.test('yes') ? PYYAML_TRUE : PYYAML_FALSE };
    });
}

/**
 * Parses one YAML document as StackStorm's PyYAML does: YAML 1.1 (`yes`, `no`, `on`, `off` are booleans, `010` is octal, `<<` merges).
 * Stricter than PyYAML in one way: a key given twice is an error, because the first value would vanish without a word.
 * `textFields` names top-level scalars that keep their source text (`version: 1.0` must not become 1).
 */
export function parseYaml(file: string, text: string, textFields: readonly string[] = []): YamlResult {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.1',
    uniqueKeys: true,
    prettyErrors: false,
    lineCounter: lines,
    logLevel: 'silent',
    customTags: pyYamlTags,
  });
  if (document.errors.length > 0) {
    return {
      ok: false,
      problems: document.errors.map((error) => {
        const at = lines.linePos(error.pos[0]);
        return problem(file, `line ${at.line}, column ${at.col}`, `not valid YAML: ${error.message}`);
      }),
    };
  }
  for (const field of textFields) {
    const node = document.get(field, true);
    if (isScalar(node) && typeof node.value === 'number' && node.source !== undefined) node.value = node.source;
  }
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: MAX_ALIASES }) as JsonValue };
  } catch {
    return { ok: false, problems: [problem(file, '', `expected at most ${MAX_ALIASES} aliases of known anchors`)] };
  }
}
