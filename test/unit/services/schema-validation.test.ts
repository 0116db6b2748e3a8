import {
  explainAgainst,
  problemWithoutValues,
  validateAgainst,
  validateParameters,
} from '../../../src/services/schema-validation';

const LOCAL = {
  cmd: { type: 'string', required: true, description: 'x' },
  timeout: { type: 'integer', default: 60 },
  env: { type: 'object' },
};

test.each([
  [{ cmd: 'x' }, null],
  [{ cmd: 'x', timeout: 5, env: null }, null],
  [{ cmd: null }, "None is not of type 'string'"],
  [{}, "'cmd' is a required property"],
  [{ cmd: 'x', timeout: 'abc' }, "'abc' is not of type 'integer'"],
  [{ cmd: 'x', zzz: 1 }, "Additional properties are not allowed ('zzz' was unexpected)"],
  [{ cmd: 'x', a: 1, b: 1 }, "Additional properties are not allowed ('a', 'b' were unexpected)"],
])('parameters %j give %j, as StackStorm says it', (values, expected) => {
  expect(validateParameters(LOCAL, values)).toBe(expected);
});

test('an enum is listed as Python shows it', () => {
  expect(validateParameters({ method: { enum: ['HEAD', 'GET'] } }, { method: 'FOO' })).toBe(
    "'FOO' is not one of ['HEAD', 'GET']",
  );
});

test('draft-4 exclusive bounds hold', () => {
  const schema = { type: 'integer', minimum: 1, exclusiveMinimum: true, maximum: 5, exclusiveMaximum: false };
  expect(validateAgainst(schema, 1)).toBe('1 is less than or equal to the minimum of 1');
  expect(validateAgainst(schema, 5)).toBeNull();
});

test('a required parameter with a default may be absent, nested ones with boolean required may not', () => {
  expect(validateParameters({ a: { type: 'string', required: true, default: 'x' } }, {})).toBeNull();
  const nested = { o: { type: 'object', properties: { in: { type: 'string', required: true } } } };
  expect(validateParameters(nested, { o: {} })).toBe("'in' is a required property");
});

test('the long form is what was recorded for a rule with bad trigger parameters', () => {
  const units = ['weeks', 'days', 'hours', 'minutes', 'seconds'];
  const schema = { type: 'object', properties: { unit: { enum: units, required: true }, delta: { type: 'integer' } } };
  expect(explainAgainst(schema, { unit: 'zzz', delta: 1 })).toBe(
    "'zzz' is not one of ['weeks', 'days', 'hours', 'minutes', 'seconds']\n\nFailed validating 'enum' in schema['properties']['unit']:\n    {'enum': ['weeks', 'days', 'hours', 'minutes', 'seconds'],\n     'required': True}\n\nOn instance['unit']:\n    'zzz'",
  );
});

test('a schema that is no schema is the definition’s fault', () => {
  expect(() => validateAgainst({ type: 'strin' }, 1)).toThrow(expect.objectContaining({ code: 'INVALID_DEFINITION' }));
});

test('hostile names are names', () => {
  expect(validateParameters({ a: { type: 'string' } }, JSON.parse('{"__proto__": 1}'))).toContain('__proto__');
});

test('a secret value is not told', () => {
  const schemas = { password: { type: 'integer', secret: true } };
  expect(validateParameters(schemas, { password: 'hunter2' })).toBe("'********' is not of type 'integer'");
});

test('a payload problem names the field, not the value', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } } };
  expect(problemWithoutValues(schema, { a: 4711 })).toBe("the value of /a is not of type 'string'");
});
