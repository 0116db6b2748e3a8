import { EverstormError } from '../model/errors';
import { parseTimestamp, formatTimestamp } from '../model/timestamps';
import type { Answer, Query } from './route';

const DEFAULT_LIMIT = 100;
const MAX_OFFSET = 2 ** 31;
const refuse = (text: string): EverstormError => new EverstormError('INVALID_REQUEST', text);

function integer(query: Query, name: string): number | undefined {
  const text = query.text(name);
  if (text === undefined || text === '') return undefined;
  if (!/^[+-]?\d+$/.test(text)) throw refuse(`Parameter "${name}" is not of type integer`);
  return Number(text);
}

/** `limit` (-1 = all) and `offset`. Throws INVALID_REQUEST with StackStorm's texts. */
export function pageOf(query: Query, defaultLimit = DEFAULT_LIMIT): { limit: number; offset: number } {
  const limit = integer(query, 'limit') ?? defaultLimit;
  if (limit < -1) throw refuse(`Limit, "${limit}" specified, must be a positive number.`);
  if (limit === 0) throw refuse('Limit, "0" specified, must be a positive number or -1 for full result set.');
  const offset = integer(query, 'offset') ?? 0;
  if (offset < 0) throw refuse(`Offset, "${offset}" specified, must not be negative.`);
  if (offset >= MAX_OFFSET) throw refuse(`Offset "${offset}" specified is more than 32-bit int`);
  return { limit, offset };
}

const YES: ReadonlySet<string> = new Set(['true', '1', 'yes', 'y']);
const NO: ReadonlySet<string> = new Set(['false', '0', 'no', 'n']);

/** A query boolean: true/1/yes/y, false/0/no/n. */
export function booleanOf(query: Query, name: string): boolean | undefined {
  const text = query.text(name)?.toLowerCase();
  if (text === undefined || text === '') return undefined;
  if (YES.has(text)) return true;
  if (NO.has(text)) return false;
  throw refuse(`Parameter "${name}" is not of type boolean`);
}

/** A query timestamp in one spelling. Throws INVALID_REQUEST with StackStorm's text. */
export function timestampOf(query: Query, name: string): string | undefined {
  const text = query.text(name);
  if (text === undefined || text === '') return undefined;
  // A `+00:00` that was not escaped arrives as a blank.
  const ms = parseTimestamp(text.replace(/ (\d{2}:?\d{0,2})$/, '+$1'));
  if (ms === null) throw refuse('Datetime value does not match expected format.');
  return formatTimestamp(ms);
}

/** Those of the named query parameters that were given. */
export function filtersOf<N extends string>(query: Query, names: readonly N[]): Partial<Record<N, string>> {
  const given: Partial<Record<N, string>> = {};
  for (const name of names) {
    const value = query.text(name);
    if (value !== undefined && value !== '') given[name] = value;
  }
  return given;
}

/** Always shown: clients identify by them. */
const ALWAYS = ['id', 'ref'];
const namesIn = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);

const headOf = (name: string): string => name.split('.')[0] ?? '';

function checkNames(names: readonly string[], known: ReadonlySet<string>, kind: string): void {
  const unknown = names.find((name) => !known.has(headOf(name)));
  if (unknown !== undefined) throw refuse(`Invalid or unsupported ${kind} attribute specified: ${unknown}`);
}

type Document = Record<string, unknown>;
const isDocument = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function copyPath(from: Document, to: Document, path: readonly string[]): void {
  const [head, ...rest] = path;
  if (head === undefined || !Object.hasOwn(from, head)) return;
  const value = from[head];
  if (rest.length === 0 || !isDocument(value)) to[head] = value;
  else {
    const known = Object.hasOwn(to, head) ? to[head] : undefined;
    const inner: Document = isDocument(known) ? known : {};
    to[head] = inner;
    copyPath(value, inner, rest);
  }
}

function without(from: Document, path: readonly string[]): Document {
  const [head, ...rest] = path;
  if (head === undefined || !Object.hasOwn(from, head)) return from;
  const { [head]: value, ...others } = from;
  if (rest.length === 0) return others;
  return isDocument(value) ? { ...from, [head]: without(value, rest) } : from;
}

/**
 * `include_attributes` xor `exclude_attributes` (dotted names) as a function on documents. `known` are the attributes of the kind.
 * `beside`: dotted names that are shown as well as soon as another part of the same attribute is asked for.
 * Throws INVALID_REQUEST with StackStorm's texts.
 */
export function projectionOf(
  query: Query,
  known: ReadonlySet<string>,
  beside: readonly string[] = [],
): (document: object) => object {
  const include = namesIn(query.text('include_attributes'));
  const exclude = namesIn(query.text('exclude_attributes'));
  if (include.length > 0 && exclude.length > 0) {
    throw refuse(
      'exclude_fields and include_fields arguments are mutually exclusive. You need to provide either one or another, but not both.',
    );
  }
  checkNames(include, known, 'include');
  checkNames(exclude, known, 'exclude');
  if (include.length > 0) {
    const parts = new Set(include.filter((name) => name.includes('.')).map(headOf));
    const companions = beside.filter((name) => parts.has(headOf(name)));
    const paths = [...include, ...companions, ...ALWAYS].map((name) => name.split('.'));
    return (document) => {
      const result: Document = {};
      for (const path of paths) copyPath(document as Document, result, path);
      return result;
    };
  }
  return (document) => exclude.reduce((rest, name) => without(rest, name.split('.')), document as Document);
}

/** A list: a bare array, with the number of all matches and the limit in headers. */
export function listAnswer(
  page: { rows: readonly object[]; total: number },
  limit: number | undefined,
  project: (document: object) => object = (document) => document,
): Answer {
  return {
    body: page.rows.map(project),
    headers: { 'X-Total-Count': String(page.total), ...(limit === undefined ? {} : { 'X-Limit': String(limit) }) },
  };
}

/** Query parameters of every list, for the OpenAPI document. */
export const LIST_PARAMETERS = {
  limit: 'Rows at most; -1 = all (default 100).',
  offset: 'Rows to skip.',
  include_attributes: 'Comma list of the attributes to show.',
  exclude_attributes: 'Comma list of the attributes to leave out.',
};
