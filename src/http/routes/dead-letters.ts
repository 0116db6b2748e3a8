import { EverstormError } from '../../model/errors';
import { LetterState } from '../../model/dead-letter';
import type { Services } from '../../services/create-services';
import {
  BulkRedriveRequest,
  PurgeRequest,
  RedriveRequest,
  parseLetterRequest,
} from '../../services/dead-letters/requests';
import { LIST_PARAMETERS, filtersOf, listAnswer, pageOf, projectionOf } from '../list';
import type { ApiRequest, Query, Route } from '../route';

const ATTRIBUTES = new Set([
  'id', 'code', 'reason', 'trigger', 'source', 'event_id', 'trace_tag', 'occurrence_time', 'trigger_instance', 'rule',
  'set_aside_at', 'state', 'settled',
]); // prettier-ignore
const tag = 'dead letters';
const idOf = ({ params }: ApiRequest): string => params['id'] ?? '';

const STATES: Readonly<Record<string, readonly LetterState[]>> = {
  open: ['open'],
  redriven: ['redriven'],
  purged: ['purged'],
  settled: ['redriven', 'purged'],
  all: Object.values(LetterState),
};

function statesOf(query: Query): readonly LetterState[] {
  const state = query.text('state') || 'open';
  const states = Object.hasOwn(STATES, state) ? STATES[state] : undefined;
  if (states) return states;
  const expected = Object.keys(STATES).join(', ');
  throw new EverstormError('INVALID_REQUEST', `state: expected one of ${expected}, got "${state}"`, { field: 'state' });
}

/** Everstorm's own: records that were set aside. */
export function deadLetterRoutes({ deadLetters }: Services): Route[] {
  return [
    {
      method: 'get', path: '/dlq', tag, summary: 'List dead letters, newest first',
      query: {
        code: 'Only of this reason (a code of the error catalogue).',
        trigger: 'Only of this trigger (ref).',
        rule: 'Only those that this rule broke on (ref).',
        state: '`open` (default), `redriven`, `purged`, `settled` (both of them) or `all`.',
        ...LIST_PARAMETERS,
      },
      handle: async ({ principal, query }) => {
        const page = pageOf(query);
        const project = projectionOf(query, ATTRIBUTES);
        const filter = filtersOf(query, ['code', 'trigger', 'rule']);
        const found = await deadLetters.list(principal, { ...page, ...filter, states: statesOf(query) });
        return listAnswer(found, page.limit, project);
      },
    },
    {
      method: 'post', path: '/dlq/redrive', tag, summary: 'Redrive dead letters by ids, or all that are open', body: BulkRedriveRequest,
      handle: async ({ principal, body }) => ({
        body: await deadLetters.redriveMany(principal, parseLetterRequest(BulkRedriveRequest, body)),
      }),
    },
    {
      method: 'post', path: '/dlq/purge', tag, summary: 'Settle dead letters without doing anything', body: PurgeRequest,
      handle: async ({ principal, body }) => ({
        body: await deadLetters.purgeMany(principal, parseLetterRequest(PurgeRequest, body)),
      }),
    },
    {
      method: 'get', path: '/dlq/{id}', tag, summary: 'A dead letter with its payload',
      handle: async (asked) => ({ body: await deadLetters.get(asked.principal, idOf(asked)) }),
    },
    {
      method: 'post', path: '/dlq/{id}/redrive', tag, summary: 'Put the event into the log again, or hold it against one rule',
      body: RedriveRequest,
      handle: async (asked) => ({
        body: await deadLetters.redrive(asked.principal, idOf(asked), parseLetterRequest(RedriveRequest, asked.body)),
      }),
    },
    {
      method: 'delete', path: '/dlq/{id}', tag, summary: 'Settle a dead letter without doing anything', status: 204,
      handle: async (asked) => {
        await deadLetters.purge(asked.principal, idOf(asked));
        return {};
      },
    },
  ]; // prettier-ignore
}
