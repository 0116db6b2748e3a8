import { readFile } from 'node:fs/promises';
import { explanationLines } from '../cli/commands/explain';
import { renderValue } from '../expressions';
import { EverstormError, messageOf } from '../model/errors';
import type { JsonObject, JsonValue } from '../model/json';
import { isJsonObject } from '../model/json';
import { RuleMetadata } from '../model/rule';
import type { Rule } from '../model/rule';
import { ruleDocument } from '../packs/documents';
import { parseYaml } from '../packs/yaml';
import { compileRule } from '../rules/compile';
import { explainRule } from '../rules/explain';
import { validateRule } from '../rules/validate';

export interface RuleTestOptions {
  /** ISO 8601. */
  now?: string;
  json?: boolean;
}

const bad = (message: string): EverstormError => new EverstormError('CONFIGURATION', message);

/**
 * `everstorm rule test`: holds a payload against a rule, both from files (YAML or JSON), and writes the explanation with the parameters as they
 * would be rendered (they are not cast: there is no action here). Resolves with whether it matches. Throws CONFIGURATION naming file and field.
 */
export async function ruleTestCommand(
  files: { rule: string; payload: string },
  { now, json }: RuleTestOptions,
  write: (text: string) => void,
): Promise<boolean> {
  const rule = ruleFrom(files.rule, await objectFrom(files.rule));
  const payload = await objectFrom(files.payload);
  const { kind, ...explanation } = explainRule(compileRule(rule), payload, { now: timeFrom(now) });
  const answer = {
    rule: { ref: rule.ref },
    outcome: kind,
    ...explanation,
    action: rule.action.ref,
    ...(kind === 'matched' ? rendered(rule, payload) : {}),
  } as unknown as JsonObject;
  write(json ? `${JSON.stringify(answer, null, 2)}\n` : `${explanationLines(answer).join('\n')}\n`);
  return kind === 'matched';
}

function timeFrom(text: string | undefined): number {
  const time = text === undefined ? Date.now() : Date.parse(text);
  if (Number.isNaN(time)) throw bad(`--now: expected an ISO 8601 time, got ${JSON.stringify(text)}`);
  return time;
}

async function objectFrom(file: string): Promise<JsonObject> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw bad(`${file}: ${messageOf(error)}`);
  }
  const parsed = parseYaml(file, text);
  if (!parsed.ok) throw bad(parsed.problems.map(({ message }) => `${file}: ${message}`).join('\n'));
  if (isJsonObject(parsed.value)) return parsed.value;
  throw bad(`${file}: expected an object`);
}

function ruleFrom(file: string, document: JsonObject): Rule {
  const parsed = RuleMetadata.safeParse(document);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${file}: ${path.join('.') || 'rule'}: ${message}`);
    throw bad(problems.join('\n'));
  }
  const [problem] = validateRule(parsed.data);
  if (problem) throw bad(`${file}: ${problem.field}: ${problem.message}`);
  return ruleDocument({ pack: parsed.data.pack ?? 'default', directory: '', file }, parsed.data);
}

function rendered({ action }: Rule, trigger: JsonObject): { parameters: JsonObject } | { parameters_error: string } {
  try {
    const context = { trigger, st2kv: {}, action_context: {}, config_context: {} };
    const entries = Object.entries(action.parameters).map(([name, value]): [string, JsonValue] => [
      name,
      renderValue(value, context),
    ]);
    return { parameters: Object.fromEntries(entries) };
  } catch (error) {
    return { parameters_error: messageOf(error) };
  }
}
