import { z } from 'zod';
import { ERRORS, EverstormError, messageOf } from '../../model/errors';
import { parseRequest } from '../request-text';
import type { LetterFilter } from '../../ports/dead-letter-rows';

/** Letters named in one request at most. */
const MOST_IDS = 500;

/** Where a way through many letters goes on: behind an id, and without what was set aside after it began. */
const Cursor = z.strictObject({ after: z.string(), until: z.iso.datetime({ offset: true }) });
export type Cursor = z.infer<typeof Cursor>;

const selection = {
  ids: z
    .array(z.string())
    .max(MOST_IDS, { error: `expected at most ${MOST_IDS} ids` })
    .optional(),
  /** Instead of ids: all open letters, or those of a code or a trigger. */
  all: z.boolean().optional(),
  code: z.string().optional(),
  trigger: z.string().optional(),
  /** `next` of the answer before. */
  from: Cursor.optional(),
};

/** Body of POST /dlq/purge. */
export const PurgeRequest = z.strictObject(selection);
export type PurgeRequest = z.infer<typeof PurgeRequest>;

/** Body of POST /dlq/redrive; `rule`: to this one alone. */
export const BulkRedriveRequest = z.strictObject({ ...selection, rule: z.string().min(1).optional() });
export type BulkRedriveRequest = z.infer<typeof BulkRedriveRequest>;

/** Body of POST /dlq/{id}/redrive. */
export const RedriveRequest = z.strictObject({ rule: z.string().min(1).optional() });
export type RedriveRequest = z.infer<typeof RedriveRequest>;

/** A request's body. Throws INVALID_REQUEST whose text names the field. */
export function parseLetterRequest<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  try {
    return parseRequest(schema, body);
  } catch (error) {
    const { field = '' } = (error as Partial<EverstormError>).details ?? {};
    const text = messageOf(error);
    throw field === '' || text.includes(field) ? error : refuse(field, `${field}: ${text}`);
  }
}

/** What a request is about: letters by their ids, or all open ones that pass a filter. */
export type Selection = { kind: 'ids'; ids: string[] } | { kind: 'all'; filter: LetterFilter; from?: Cursor };

/** Throws INVALID_REQUEST (details.field) unless the request says either ids or all. */
export function selectionIn(request: PurgeRequest): Selection {
  const { ids, all, code, trigger, from } = request;
  if (ids !== undefined) {
    const other = all === true ? 'all' : (['code', 'trigger', 'from'] as const).find((name) => request[name]);
    if (other) throw refuse('ids', `ids: give either ids or all, not ids and ${other}`);
    if (ids.length === 0) throw refuse('ids', 'ids: expected at least one id');
    return { kind: 'ids', ids: [...new Set(ids)] };
  }
  if (all !== true) throw refuse('ids', 'ids: give the ids of dead letters, or all: true');
  const filter = {
    ...(code === undefined ? {} : { code: knownCode(code) }),
    ...(trigger === undefined ? {} : { trigger }),
  };
  return { kind: 'all', filter, ...(from ? { from } : {}) };
}

/** A code of the catalogue. Throws INVALID_REQUEST. */
export function knownCode(code: string): string {
  if (Object.hasOwn(ERRORS, code)) return code;
  throw refuse('code', `code: there is no error code "${code}"`);
}

const refuse = (field: string, text: string): EverstormError => new EverstormError('INVALID_REQUEST', text, { field });
