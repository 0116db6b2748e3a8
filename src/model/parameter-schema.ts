import { z } from 'zod';
import type { JsonValue } from './json';

export const PARAMETER_TYPES = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'] as const;

const jsonValue = z.custom<JsonValue>((value) => value !== undefined);

/**
 * One parameter of an action, runner, trigger type or config: JSON Schema draft 4 with StackStorm's additions
 * (`required` as boolean, `secret`, `immutable`, `position`). Unknown attributes are refused, as StackStorm does.
 */
export const ParameterSchema = z.strictObject({
  type: z.union([z.enum(PARAMETER_TYPES), z.array(z.enum(PARAMETER_TYPES))]).optional(),
  description: z.string().nullish(),
  default: jsonValue.optional(),
  required: z.union([z.boolean(), z.array(z.string())]).optional(),
  enum: z.array(jsonValue).optional(),
  secret: z.boolean().optional(),
  immutable: z.boolean().optional(),
  position: z.int().min(0).optional(),
  title: z.string().optional(),
  format: z.string().optional(),
  pattern: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.union([z.boolean(), z.number()]).optional(),
  exclusiveMaximum: z.union([z.boolean(), z.number()]).optional(),
  multipleOf: z.number().optional(),
  minLength: z.int().optional(),
  maxLength: z.int().optional(),
  minItems: z.int().optional(),
  maxItems: z.int().optional(),
  uniqueItems: z.boolean().optional(),
  minProperties: z.int().optional(),
  maxProperties: z.int().optional(),
  items: jsonValue.optional(),
  additionalItems: jsonValue.optional(),
  properties: z.record(z.string(), jsonValue).optional(),
  patternProperties: z.record(z.string(), jsonValue).optional(),
  additionalProperties: jsonValue.optional(),
  dependencies: z.record(z.string(), jsonValue).optional(),
  definitions: z.record(z.string(), jsonValue).optional(),
  anyOf: z.array(jsonValue).optional(),
  oneOf: z.array(jsonValue).optional(),
  allOf: z.array(jsonValue).optional(),
  not: jsonValue.optional(),
  $ref: z.string().optional(),
  $schema: z.string().optional(),
  id: z.string().optional(),
});
export type ParameterSchema = z.infer<typeof ParameterSchema>;

export const ParameterSchemas = z.record(
  z.string().regex(/^\w+$/, 'a parameter name holds letters, digits and _ only'),
  ParameterSchema,
);
export type ParameterSchemas = z.infer<typeof ParameterSchemas>;

export const Tag = z.strictObject({
  name: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]).nullish(),
});
export type Tag = z.infer<typeof Tag>;

/** A JSON object schema kept as it was written (payload, parameters or output schema). */
export const FreeSchema = z.record(z.string(), jsonValue);
