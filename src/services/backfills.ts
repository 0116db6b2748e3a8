import { randomUUID } from 'node:crypto';
import { BackfillRequest } from '../model/backfill';
import type {
  BackfillAsked,
  BackfillCounts,
  BackfillLimits,
  BackfillProgress,
  BackfillSample,
  BackfillStarts,
} from '../model/backfill';
import { EverstormError } from '../model/errors';
import { backfillWorkflowId } from '../model/ids';
import { lengthOf } from '../model/log-range';
import type { Principal } from '../model/principal';
import { DEFAULT_RATE, MAX_RATE, parseRate } from '../model/rate';
import type { Rule } from '../model/rule';
import { formatTimestamp, parseTime } from '../model/timestamps';
import type { BackfillState, BackfillStatus } from '../ports/backfills';
import { authorise } from './authorisation';
import { backfillRefusal } from './backfill/refusal';
import type { ServiceDependencies } from './context';
import { found, noSuchId, noSuchReference } from './not-found';
import { parseRequest } from './request-text';

/** A backfill as its users see it. */
export interface BackfillView {
  /** Its workflow id in Temporal. */
  id: string;
  rule: { ref: string; enabled?: boolean; mode?: 'shadow' };
  status: BackfillStatus;
  phase: 'locating' | 'counting' | 'starting' | 'done';
  from: string;
  to: string;
  /** Executions a second, at most. */
  rate: number;
  dry_run: boolean;
  user: string;
  start_timestamp: string;
  end_timestamp?: string;
  /** Places of the log in the range, and those that the present phase has not come to. */
  range: { entries: number; left: number };
  counts?: BackfillCounts;
  starts?: BackfillStarts;
  samples?: BackfillSample[];
  cancelled_by?: string;
  /** Why it failed. */
  reason?: string;
}

export interface BackfillService {
  /**
   * Starts a backfill of a rule as it is now, enabled or not. With a key, the same request again leads to the same backfill.
   * Throws NOT_FOUND, INVALID_REQUEST (details.field: from, to, rate, rule).
   */
  start(principal: Principal, ruleRefOrId: string, body: unknown, key?: string): Promise<BackfillView>;
  /** Newest first, as of the end of their last phases. */
  list(principal: Principal, query: { rule?: string; limit: number }): Promise<BackfillView[]>;
  /** Throws NOT_FOUND. */
  get(principal: Principal, id: string): Promise<BackfillView>;
  /** Throws NOT_FOUND, ALREADY_COMPLETED. */
  cancel(principal: Principal, id: string): Promise<BackfillView>;
}

/** A history stays well below Temporal's limits; a step takes a moment. */
const LIMITS: BackfillLimits = { entries: 5_000, starts: 250, stepsPerRun: 500 };

export function createBackfillService({ store, backfills, now }: ServiceDependencies): BackfillService {
  const ruleOf = async (refOrId: string): Promise<Rule> =>
    found(await store.definitions.get('rule', refOrId), noSuchReference(refOrId));
  const stateOf = async (id: string): Promise<BackfillState> => found(await backfills.get(id), noSuchId(id));

  return {
    start: async (principal, ruleRefOrId, body, key) => {
      const rule = await ruleOf(ruleRefOrId);
      authorise(principal, 'rule_backfill', rule.uid);
      const asked = askedOf(parseRequest(BackfillRequest, body), { rule, user: principal.user, now: now() });
      const refusal = backfillRefusal(rule);
      if (refusal !== null) throw new EverstormError('INVALID_REQUEST', refusal, { field: 'rule' });
      const id = backfillWorkflowId(rule.ref, key ?? randomUUID());
      await backfills.start(id, { ...asked, rule, limits: LIMITS });
      const view = viewOf(await stateOf(id));
      return { ...view, rule: { ref: rule.ref, enabled: rule.enabled, ...(rule.mode && { mode: rule.mode }) } };
    },
    list: async (principal, { rule, limit }) => {
      authorise(principal, 'backfill_list');
      const ruleRef = rule === undefined ? undefined : ((await store.definitions.get('rule', rule))?.ref ?? rule);
      return (await backfills.list({ limit, ...(ruleRef !== undefined && { ruleRef }) })).map(viewOf);
    },
    get: async (principal, id) => {
      authorise(principal, 'backfill_view', id);
      return viewOf(await stateOf(id));
    },
    cancel: async (principal, id) => {
      authorise(principal, 'backfill_cancel', id);
      const state = await stateOf(id);
      if (state.status !== 'running' || !(await backfills.cancel(id, principal.user)))
        throw new EverstormError('ALREADY_COMPLETED', `Backfill "${id}" has ended already.`);
      return viewOf(await stateOf(id));
    },
  };
}

function askedOf(
  request: BackfillRequest,
  { rule, user, now }: { rule: Rule; user: string; now: number },
): BackfillAsked {
  const from = timeOf('from', request.from);
  const to = request.to === undefined || request.to === null ? now : timeOf('to', request.to);
  if (from > now) throw refused('from', 'is in the future');
  if (from >= to) throw refused('to', 'is not after "from"');
  const rate = parseRate(request.rate ?? DEFAULT_RATE);
  if (rate === null)
    throw refused('rate', `expected executions a second, as 50 or 50/s or 30/m, above 0 and at most ${MAX_RATE}/s`);
  return {
    from: formatTimestamp(from),
    to: formatTimestamp(to),
    rate,
    dryRun: request.dry_run ?? false,
    user,
    ruleRef: rule.ref,
  };
}

function timeOf(field: 'from' | 'to', text: string): number {
  const at = parseTime(text);
  if (at === null) throw refused(field, 'expected an ISO 8601 time, as 2026-11-28 or 2026-11-28T10:00:00Z');
  return at;
}

const refused = (field: string, why: string): EverstormError =>
  new EverstormError('INVALID_REQUEST', `${field}: ${why}.`, { field });

function viewOf({ id, asked, status, startedAt, endedAt, progress, reason }: BackfillState): BackfillView {
  return {
    id,
    rule: { ref: asked.ruleRef },
    status,
    phase: progress?.phase ?? 'locating',
    from: asked.from,
    to: asked.to,
    rate: asked.rate,
    dry_run: asked.dryRun,
    user: asked.user,
    start_timestamp: formatTimestamp(new Date(startedAt)),
    ...(endedAt === undefined ? {} : { end_timestamp: formatTimestamp(new Date(endedAt)) }),
    range: { entries: lengthOf(progress?.range?.spans ?? []), left: lengthOf(progress?.left ?? []) },
    ...(progress ? numbersOf(progress) : {}),
    ...(reason === undefined ? {} : { reason }),
  };
}

const numbersOf = ({ counts, starts, samples, cancelled_by }: BackfillProgress) => ({
  ...{ counts, starts, samples },
  ...(cancelled_by === undefined ? {} : { cancelled_by }),
});
