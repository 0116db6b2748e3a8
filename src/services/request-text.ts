import type { z } from 'zod';
import { EverstormError } from '../model/errors';
import type { JsonValue } from '../model/json';
import { pyRepr } from '../model/python-text';

const TYPE_NAMES: Record<string, string> = { record: 'object', int: 'integer', map: 'object' };

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key) ? Reflect.get(inner, key) : undefined,
    value,
  );

type Issue = z.core.$ZodIssue;

/** Fields that StackStorm does not have: what is wrong with them is told with its place, which StackStorm's words leave out. */
const BEYOND: ReadonlySet<unknown> = new Set(['when', 'guard', 'mode']);

function sentence(issue: Issue, input: unknown): string {
  const place = issue.path.map(String).join('.');
  const text = inWords(issue, input);
  return BEYOND.has(issue.path[0]) && !text.startsWith(place) ? `${place}: ${text}` : text;
}

function inWords(issue: Issue, input: unknown): string {
  const value = at(input, issue.path);
  const name = String(issue.path.at(-1) ?? 'body');
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => pyRepr(key)).join(', ');
    return `Additional properties are not allowed (${names} ${issue.keys.length === 1 ? 'was' : 'were'} unexpected)`;
  }
  if (value === undefined) return `${pyRepr(name)} is a required property`;
  const shown = pyRepr(value as JsonValue);
  if (issue.code === 'invalid_type')
    return `${shown} is not of type ${pyRepr(TYPE_NAMES[issue.expected] ?? issue.expected)}`;
  if (issue.code === 'invalid_value') return `${shown} is not one of ${pyRepr(issue.values as JsonValue)}`;
  if (issue.code === 'invalid_union') return `${shown} is not valid under any of the given schemas`;
  return `${issue.path.map(String).join('.')}: ${issue.message}`;
}

/**
 * Parses a request's body or a definition. Throws INVALID_REQUEST with the first problem in the words of Python's jsonschema,
 * which StackStorm's clients show as they are.
 */
export function parseRequest<T extends z.ZodType>(schema: T, input: unknown): z.infer<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [first] = [...parsed.error.issues].sort((a, b) => a.path.length - b.path.length);
  const field = first?.path.map(String).join('.') ?? '';
  throw new EverstormError('INVALID_REQUEST', first ? sentence(first, input) : 'invalid request', { field });
}
