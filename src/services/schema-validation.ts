import Ajv from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { canonicalJson } from '../model/canonical-json';
import { EverstormError, messageOf } from '../model/errors';
import type { JsonObject, JsonValue } from '../model/json';
import { isJsonObject } from '../model/json';
import { MASKED, maskSecrets } from '../model/masking';
import { normaliseSchema } from './schema-normalise';
import { pyRepr } from '../model/python-text';
import { pyFormat } from './python-layout';

/** The error that is told: its sentence, and where it is. */
interface Finding {
  text: string;
  withoutValue: string;
  keyword: string;
  schemaPath: string[];
  instancePath: string[];
}

const MAX_CACHED = 1_000;
const compiled = new Map<string, ValidateFunction>();
/** Of schemas that come again and again as the same object, as registered ones do. */
const known = new WeakMap<JsonObject, ValidateFunction>();

function validatorOf(schema: JsonObject): ValidateFunction {
  const own = known.get(schema);
  if (own) return own;
  const validate = compile(schema);
  known.set(schema, validate);
  return validate;
}

function compile(schema: JsonObject): ValidateFunction {
  const key = canonicalJson(schema);
  const equal = compiled.get(key);
  if (equal) return equal;
  // A validator of its own each time: schemas from packs must not see each other's definitions, nor stay for ever.
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, verbose: true, logger: false });
  let validate: ValidateFunction;
  try {
    validate = ajv.compile(normaliseSchema(schema));
  } catch (cause) {
    throw new EverstormError('INVALID_DEFINITION', `The schema is not valid: ${messageOf(cause)}`, {}, { cause });
  }
  if (compiled.size >= MAX_CACHED) compiled.delete(compiled.keys().next().value as string);
  compiled.set(key, validate);
  return validate;
}

const list = (values: readonly string[]): string => values.map((value) => pyRepr(value)).join(', ');

/** One sentence per keyword, in the words of Python's jsonschema: StackStorm's clients and users know those. */
const SENTENCES: Record<string, (error: ErrorObject, value: string, all: readonly ErrorObject[]) => string> = {
  type: (error, value) => `${value} is not of type ${list([error.schema].flat() as string[])}`,
  enum: (error, value) => `${value} is not one of ${pyRepr(error.schema as JsonValue)}`,
  const: (error, value) => `${value} is not one of ${pyRepr([error.schema as JsonValue])}`,
  required: (error) => `${pyRepr(error.params['missingProperty'] as string)} is a required property`,
  additionalProperties: (error, _value, all) => {
    const names = all
      .filter((other) => other.keyword === error.keyword && other.instancePath === error.instancePath)
      .map((other) => other.params['additionalProperty'] as string);
    return `Additional properties are not allowed (${list(names)} ${names.length === 1 ? 'was' : 'were'} unexpected)`;
  },
  minimum: (error, value) => `${value} is less than the minimum of ${String(error.schema)}`,
  maximum: (error, value) => `${value} is greater than the maximum of ${String(error.schema)}`,
  exclusiveMinimum: (error, value) => `${value} is less than or equal to the minimum of ${String(error.schema)}`,
  exclusiveMaximum: (error, value) => `${value} is greater than or equal to the maximum of ${String(error.schema)}`,
  multipleOf: (error, value) => `${value} is not a multiple of ${String(error.schema)}`,
  minLength: (_error, value) => `${value} is too short`,
  maxLength: (_error, value) => `${value} is too long`,
  minItems: (_error, value) => `${value} is too short`,
  maxItems: (_error, value) => `${value} is too long`,
  uniqueItems: (_error, value) => `${value} has non-unique elements`,
  pattern: (error, value) => `${value} does not match ${pyRepr(error.schema as string)}`,
  minProperties: (_error, value) => `${value} does not have enough properties`,
  maxProperties: (_error, value) => `${value} has too many properties`,
  anyOf: (_error, value) => `${value} is not valid under any of the given schemas`,
  oneOf: (_error, value) => `${value} is not valid under any of the given schemas`,
};

const pointer = (path: string): string[] =>
  path
    .replace(/^#/, '')
    .split('/')
    .slice(1)
    .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'));

const isBranch = (error: ErrorObject): boolean => /\/(anyOf|oneOf|not)\//.test(error.schemaPath);

const child = (value: JsonValue | undefined, key: string): JsonValue | undefined => {
  if (Array.isArray(value)) return value[Number(key)];
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
};

/** The value in question as text, masked when it is, or may hold, a secret. */
function shown(error: ErrorObject, schema: JsonObject): string {
  let part: JsonValue | undefined = schema;
  for (const key of pointer(error.schemaPath).slice(0, -1)) {
    part = child(part, key);
    if (isJsonObject(part) && part['secret'] === true) return pyRepr(MASKED);
  }
  const value = error.data as JsonValue;
  if (!isJsonObject(part) || !isJsonObject(part['properties']) || !isJsonObject(value)) return pyRepr(value);
  return pyRepr(maskSecrets(value, part['properties']));
}

/** The shallowest error outside branches of anyOf, oneOf and not: the one Python's `best_match` chooses. */
function find(schema: JsonObject, value: JsonValue): Finding | null {
  const validate = validatorOf(schema);
  if (validate(value)) return null;
  const errors = (validate.errors ?? []).filter((error) => !isBranch(error));
  const depth = (error: ErrorObject): number => pointer(error.instancePath).length;
  const best = errors.reduce((a, b) => (depth(b) < depth(a) ? b : a));
  const sentence = SENTENCES[best.keyword];
  return {
    text: sentence ? sentence(best, shown(best, schema), errors) : `${best.keyword}: ${best.message ?? ''}`,
    withoutValue: sentence ? sentence(best, `the value of ${best.instancePath || 'the whole'}`, errors) : best.keyword,
    keyword: best.keyword,
    schemaPath: pointer(best.schemaPath).slice(0, -1),
    instancePath: pointer(best.instancePath),
  };
}

/** Validates a value; null when it fits, else one sentence in the words of Python's jsonschema. Throws INVALID_DEFINITION when the schema itself is wrong. */
export function validateAgainst(schema: JsonObject, value: JsonValue): string | null {
  return find(schema, value)?.text ?? null;
}

/** Like {@link validateAgainst} for payloads: names the field and what was expected, never the value. */
export function problemWithoutValues(schema: JsonObject, value: JsonValue): string | null {
  return find(schema, value)?.withoutValue ?? null;
}

const subscript = (path: readonly string[]): string => path.map((key) => `[${pyRepr(key)}]`).join('');
const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');

/**
 * Like {@link validateAgainst}, in the long form that StackStorm gives for a rule's trigger parameters:
 * the sentence, the failing part of the schema, and the failing part of the value.
 */
export function explainAgainst(schema: JsonObject, value: JsonValue): string | null {
  const finding = find(schema, value);
  if (!finding) return null;
  const part = finding.schemaPath.reduce<JsonValue | undefined>(child, schema) ?? schema;
  const instance = finding.instancePath.reduce<JsonValue | undefined>(child, value) ?? null;
  return [
    finding.text,
    `Failed validating ${pyRepr(finding.keyword)} in schema${subscript(finding.schemaPath)}:\n${indented(pyFormat(part))}`,
    `On instance${subscript(finding.instancePath)}:\n${indented(pyFormat(instance))}`,
  ].join('\n\n');
}

const isRequired = (schema: JsonValue | undefined): boolean => isJsonObject(schema) && schema['required'] === true;
const hasDefault = (schema: JsonValue | undefined): boolean =>
  isJsonObject(schema) && (schema['default'] ?? null) !== null;

/**
 * Validates parameters against a map of parameter schemas; null or a sentence. As in StackStorm unknown names are refused,
 * `null` is as good as absent for what is not required, and a required parameter with a default may be absent.
 */
export function validateParameters(schemas: Record<string, unknown>, values: JsonObject): string | null {
  const given = Object.entries(values).filter(([name, value]) => {
    const known = Object.hasOwn(schemas, name) ? (schemas[name] as JsonValue) : undefined;
    return value !== null || known === undefined || isRequired(known);
  });
  const properties = Object.entries(schemas).map(([name, schema]) => {
    if (!isJsonObject(schema) || !hasDefault(schema)) return [name, schema] as const;
    const { required: _required, ...rest } = schema;
    return [name, rest] as const;
  });
  const whole = { type: 'object', properties: Object.fromEntries(properties), additionalProperties: false };
  return validateAgainst(whole as JsonObject, Object.fromEntries(given));
}
