import { readFileSync } from 'node:fs';
import { compileTemplate } from '../expressions';
import { ExpressionError } from '../expressions/errors';
import { LackingKeysError, keyId, StoredKeys, evaluateWithKeys } from '../expressions/keys';
import type { KeyRequest } from '../expressions/keys';
import { usesOf } from '../expressions/jinja/names';
import { evaluateDocument } from '../expressions/orquesta/evaluate';
import { inspectDocument } from '../expressions/orquesta/inspect';
import { dumps, loads } from '../expressions/python/json';
import { repr } from '../expressions/python/text';
import { dictEntries, isDict, plain, PyDict, typeName } from '../expressions/python/values';
import type { Dict, Value } from '../expressions/python/values';
import { EverstormError, messageOf } from '../model/errors';

export interface ExprOptions {
  /** A file with a JSON object, `-` for standard input. */
  context?: string;
  /** `name=JSON` each. */
  set?: string[];
  /** `system.name=text` each; `decrypted:` before it for the decrypted value. */
  key?: string[];
  /** As in a workflow: YAQL too, and `ctx()`. */
  workflow?: boolean;
  json?: boolean;
}

interface Answer {
  value: Value;
  type: string;
  lacking: readonly KeyRequest[];
  variables: string[];
}

const bad = (message: string): EverstormError => new EverstormError('CONFIGURATION', message);

/**
 * `everstorm expr`: evaluates a template, or a text as workflows have it, against a context, and shows value, type, variables and the stored
 * keys it lacks; false when the evaluation failed (what went wrong is written then). Throws CONFIGURATION for options that make no sense.
 */
export function exprCommand(text: string, options: ExprOptions, write: (text: string) => void): boolean {
  const variables = contextOf(options);
  const workflow = options.workflow ?? /<%[^\n]*%>/.test(text);
  try {
    const answer = evaluate(text, { variables, keys: knownKeys(options.key ?? []), workflow });
    write(options.json ? `${asJson(answer)}\n` : forPeople(answer));
    return true;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    write(options.json ? `${JSON.stringify({ error: errorFacts(error) })}\n` : errorForPeople(error));
    return false;
  }
}

function contextOf({ context, set = [] }: ExprOptions): Dict {
  const variables = new PyDict(context === undefined ? [] : dictEntries(objectFrom(context)));
  for (const assignment of set) {
    const [name, json] = split(assignment, '--set takes name=JSON');
    variables.set(name, parsed(json, `--set ${name}`));
  }
  return variables;
}

function objectFrom(path: string): Dict {
  let text: string;
  try {
    text = readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw bad(`--context ${path}: ${messageOf(error)}`);
  }
  const value = parsed(text, `--context ${path}`);
  if (isDict(value)) return value;
  throw bad(`--context ${path}: expected a JSON object, got ${typeName(value)}`);
}

function parsed(text: string, what: string): Value {
  try {
    return loads(text);
  } catch (error) {
    throw bad(`${what}: expected JSON, got ${JSON.stringify(text.slice(0, 40))} (${messageOf(error)})`);
  }
}

function split(text: string, usage: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw bad(`${usage}, got ${JSON.stringify(text)}`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function knownKeys(given: readonly string[]): Map<string, string | null> {
  const known = new Map<string, string | null>();
  for (const each of given) {
    const [path, value] = split(each, '--key takes system.name=text');
    const [, decrypted, scope, name] = /^(decrypted:)?(system|user)\.(.+)$/.exec(path) ?? [];
    if (scope === undefined || name === undefined) throw bad(`--key: expected system.name or user.name, got ${path}`);
    known.set(keyId({ scope: scope as 'system' | 'user', name, decrypt: decrypted !== undefined }), value);
  }
  return known;
}

interface Task {
  variables: Dict;
  keys: ReadonlyMap<string, string | null>;
  workflow: boolean;
}

/** The value; where keys are lacking, without one. */
function evaluate(text: string, task: Task): Answer {
  const variables = variablesIn(text, task);
  try {
    const value = valueOf(text, task);
    return { value, type: typeName(value), lacking: [], variables };
  } catch (error) {
    if (!(error instanceof LackingKeysError)) throw error;
    return { value: null, type: 'unknown', lacking: error.keys, variables };
  }
}

function valueOf(text: string, { variables, keys: known, workflow }: Task): Value {
  const keys = new StoredKeys(known);
  const outside = { now: Date.now, chance: Math.random };
  if (workflow) return evaluateDocument(text, { variables, keys, ...outside });
  const names = Object.fromEntries(dictEntries(variables).map(([name, value]) => [String(name), value]));
  const rendering = { context: { st2kv: keys, ...names }, chance: Math.random };
  const template = compileTemplate(text);
  return evaluateWithKeys(keys, () => {
    const value = template.lone ? template.value(rendering) : template.render(rendering);
    return plain(value);
  });
}

const variablesIn = (text: string, { workflow }: Task): string[] =>
  workflow
    ? inspectDocument(text).variables.map(({ name }) => name)
    : [...usesOf(compileTemplate(text).nodes).names].sort();

const keyName = ({ scope, name, decrypt }: KeyRequest): string => `${scope}.${name}${decrypt ? ' (decrypted)' : ''}`;

function asJson({ value, type, lacking, variables }: Answer): string {
  const shown = type === 'unknown' ? {} : { value: jsonOrRepr(value) };
  return dumps(
    new PyDict(
      Object.entries({ ...shown, type, lacking_keys: lacking.map(keyName), variables: [...variables] } as Record<
        string,
        Value
      >),
    ),
    { ensureAscii: false },
  );
}

/** What JSON doesn't know is shown as Python would. */
function jsonOrRepr(value: Value): Value {
  try {
    dumps(value);
    return value;
  } catch {
    return repr(value);
  }
}

function forPeople({ value, type, lacking, variables }: Answer): string {
  const lines = [
    ['value', type === 'unknown' ? '' : typeof value === 'string' ? value : repr(value)],
    ['type', type],
    ['variables', variables.join(', ')],
    ['lacking keys', lacking.map(keyName).join(', ')],
  ];
  return lines.map(([name = '', shown = '']) => `${name.padEnd(13)} ${shown}`.trimEnd()).join('\n') + '\n';
}

const errorFacts = ({ code, message, facts }: ExpressionError): object => ({ code, message, ...facts });

function errorForPeople({ code, message, facts }: ExpressionError): string {
  const lines = [
    ['error', message],
    ['code', code],
    ['type', facts.cause ? `${facts.type} caused by ${facts.cause}` : (facts.type ?? '')],
    ['where', facts.line === undefined ? '' : `line ${facts.line}, column ${facts.column}`],
  ];
  return lines.map(([name = '', shown = '']) => `${name.padEnd(13)} ${shown}`.trimEnd()).join('\n') + '\n';
}
