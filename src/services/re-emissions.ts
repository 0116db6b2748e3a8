import { randomUUID } from 'node:crypto';
import { errorCode, EverstormError, messageOf } from '../model/errors';
import type { ErrorCode } from '../model/errors';
import type { LoggedEvent } from '../model/event';
import { isId, reEmittedEventId } from '../model/ids';
import type { JsonObject } from '../model/json';
import type { Principal } from '../model/principal';
import { MAX_RE_EMITTED, ReEmissionRequest } from '../model/re-emission';
import { formatTimestamp, parseTime } from '../model/timestamps';
import { authorise } from './authorisation';
import type { ServiceDependencies } from './context';
import { found, noSuchId } from './not-found';
import { parseRequest } from './request-text';
import { forEachLimited } from './rule-service/limit';

export interface ReEmission {
  message: string;
  payload: JsonObject;
  /** Id of the new instance; Everstorm's. */
  id: string;
}

/** What became of one of several. */
export type ReEmissionOutcome =
  | { id: string; outcome: 're-emitted'; trigger_instance: string }
  | { id: string; outcome: 'failed'; code: ErrorCode; reason: string };

export interface ReEmissionService {
  /**
   * Puts the payload into the log again as a new event, marked with the id it came from. Each call makes another event; with the key of an
   * earlier call it is the same event once more, for which no rule starts anything again. Throws NOT_FOUND, INVALID_REQUEST, UNAVAILABLE.
   */
  one(principal: Principal, id: string, key?: string): Promise<ReEmission>;
  /** Several, in order, each with its outcome; `total` is the number of those the request's filter has. Throws INVALID_REQUEST. */
  many(
    principal: Principal,
    body: unknown,
    key?: string,
  ): Promise<{ total: number; trigger_instances: ReEmissionOutcome[] }>;
}

/** Events in flight; the log sends them in batches. */
const AT_ONCE = 16;

type Dependencies = Pick<ServiceDependencies, 'store' | 'events' | 'now'>;

export function createReEmissionService({ store, events, now }: Dependencies): ReEmissionService {
  const rows = store.triggerInstances;

  const emit = async (id: string, seed: string): Promise<ReEmission> => {
    const event = isId(id) ? await events.read(id) : null;
    if (!event) {
      found(isId(id) ? await rows.get(id) : null, noSuchId(id));
      throw new EverstormError('INVALID_REQUEST', `The payload of trigger instance "${id}" is no longer kept.`);
    }
    const payload: JsonObject = { ...event.payload, __context: { original_id: id } };
    const { instanceId } = await events.publish({
      ...again(event),
      eventId: reEmittedEventId(id, seed),
      payload,
      occurredAt: formatTimestamp(now()),
    });
    // The misspelling is StackStorm's; clients compare the sentence.
    return { message: `Trigger instance ${id} succesfully re-sent.`, payload, id: instanceId };
  };

  const outcomeOf = async (id: string, seed: string): Promise<ReEmissionOutcome> => {
    try {
      return { id, outcome: 're-emitted', trigger_instance: (await emit(id, seed)).id };
    } catch (error) {
      return { id, outcome: 'failed', code: errorCode(error) ?? 'INTERNAL', reason: messageOf(error) };
    }
  };

  const wanted = async (request: ReEmissionRequest): Promise<{ total: number; ids: string[] }> => {
    if ('ids' in request) {
      const ids = [...new Set(request.ids)];
      return { total: ids.length, ids };
    }
    const { trigger, status, limit, offset } = request;
    const after = timeOf('from', request.from) - 1;
    const before = request.to === undefined || request.to === null ? now() : timeOf('to', request.to);
    const page = await rows.list({
      trigger,
      ...(status === undefined || status === null ? {} : { status }),
      timestamp_gt: formatTimestamp(after),
      timestamp_lt: formatTimestamp(before),
      sort: 'asc',
      limit: limit ?? MAX_RE_EMITTED,
      offset: offset ?? 0,
    });
    return { total: page.total, ids: request.dry_run ? [] : page.rows.map(({ id }) => id) };
  };

  return {
    one: (principal, id, key) => {
      authorise(principal, 'trigger_modify', id);
      return emit(id, key ?? randomUUID());
    },
    many: async (principal, body, key) => {
      authorise(principal, 'trigger_modify');
      const { total, ids } = await wanted(parseRequest(ReEmissionRequest, body));
      for (const id of ids) authorise(principal, 'trigger_modify', id);
      const seed = key ?? randomUUID();
      const outcomes = new Map<string, ReEmissionOutcome>();
      await forEachLimited(ids, AT_ONCE, async (id) => void outcomes.set(id, await outcomeOf(id, seed)));
      return { total, trigger_instances: ids.flatMap((id) => outcomes.get(id) ?? []) };
    },
  };
}

const again = ({ trigger, source, traceTag, partitionKey }: LoggedEvent) => ({
  trigger,
  source,
  ...(traceTag === undefined ? {} : { traceTag }),
  ...(partitionKey === undefined ? {} : { partitionKey }),
});

function timeOf(field: string, text: string): number {
  const at = parseTime(text);
  if (at !== null) return at;
  throw new EverstormError('INVALID_REQUEST', `${field}: expected an ISO 8601 time, as 2026-11-28T10:00:00Z.`, {
    field,
  });
}
