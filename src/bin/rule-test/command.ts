import { readFile } from 'node:fs/promises';
import { explanationLines } from '../../cli/commands/explain';
import { renderValue } from '../../expressions';
import { EverstormError, messageOf } from '../../model/errors';
import type { JsonObject, JsonValue } from '../../model/json';
import { isJsonObject } from '../../model/json';
import { RuleMetadata } from '../../model/rule';
import type { Rule } from '../../model/rule';
import { ruleDocument } from '../../packs/documents';
import { parseYaml } from '../../packs/yaml';
import { compileRule } from '../../rules/compile';
import { explainRule } from '../../rules/explain';
import { likelyFacts } from '../../rules/remember';
import { validateRule } from '../../rules/validate';
import { rehearse } from '../../services/condition-service/rehearse';
import { eventsOf, rehearsalLines } from './rehearsal';

export interface RuleTestOptions {
  /** ISO 8601. */
  now?: string;
  json?: boolean;
}

const bad = (message: string): EverstormError => new EverstormError('CONFIGURATION', message);

/**
 * `everstorm rule test`: holds a payload against a rule, both from files (YAML or JSON), and writes the explanation with the parameters as they
 * would be rendered (they are not cast: there is no action here). A list of events is played to the rule instead, on a clock of their own, with
 * its time condition and storm guard. Resolves with whether it matches, or fired. Throws CONFIGURATION naming file and field.
 */
export async function ruleTestCommand(
  files: { rule: string; payload: string },
  { now, json }: RuleTestOptions,
  write: (text: string) => void,
): Promise<boolean> {
  const rule = ruleFrom(files.rule, await objectFrom(files.rule));
  const payload = await documentFrom(files.payload);
  if (Array.isArray(payload)) {
    const steps = rehearse(rule, eventsOf(files.payload, payload));
    write(json ? `${JSON.stringify(steps, null, 2)}\n` : `${rehearsalLines(steps).join('\n')}\n`);
    return steps.some(({ says }) => says === 'fires');
  }
  if (!isJsonObject(payload)) throw bad(`${files.payload}: expected an object, or a list of events`);
  const at = timeFrom(now);
  const { kind, ...explanation } = explainRule(compileRule(rule), payload, { now: at });
  const answer = {
    rule: { ref: rule.ref },
    outcome: kind,
    ...explanation,
    action: rule.action.ref,
    ...(kind === 'matched' ? rendered(rule, payload, at) : {}),
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
  const document = await documentFrom(file);
  if (isJsonObject(document)) return document;
  throw bad(`${file}: expected an object`);
}

async function documentFrom(file: string): Promise<JsonValue> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw bad(`${file}: ${messageOf(error)}`);
  }
  const parsed = parseYaml(file, text);
  if (!parsed.ok) throw bad(parsed.problems.map(({ message }) => `${file}: ${message}`).join('\n'));
  return parsed.value;
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

function rendered(
  rule: Rule,
  trigger: JsonObject,
  now: number,
): { parameters: JsonObject } | { parameters_error: string } {
  try {
    const condition = likelyFacts(rule, trigger, new Date(now).toISOString());
    const context = { trigger, st2kv: {}, action_context: condition ? { condition } : {}, config_context: {} };
    const entries = Object.entries(rule.action.parameters).map(([name, value]): [string, JsonValue] => [
      name,
      renderValue(value, context),
    ]);
    return { parameters: Object.fromEntries(entries) };
  } catch (error) {
    return { parameters_error: messageOf(error) };
  }
}
