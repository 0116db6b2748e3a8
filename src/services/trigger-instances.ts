import type { LoggedEvent, TriggerInstance } from '../model/event';
import { isId } from '../model/ids';
import type { Principal } from '../model/principal';
import { TriggerInstanceStatus } from '../model/statuses';
import { formatTimestamp, parseTimestamp } from '../model/timestamps';
import type { Page, TriggerInstanceQuery, TriggerInstanceRow } from '../ports/store';
import { authorise } from './authorisation';
import type { ServiceDependencies } from './context';
import { noSuchId } from './not-found';

export interface TriggerInstanceService {
  /** From the read model; the payload comes from the log and is empty when its record has expired. */
  list(principal: Principal, query: TriggerInstanceQuery): Promise<Page<TriggerInstance>>;
  /** Right after an event was acknowledged this waits for its projection, at most 2 s, and then answers from the log alone. */
  get(principal: Principal, id: string): Promise<TriggerInstance>;
}

const PROJECTION_WAIT_MS = 2_000;
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 200;
/** Payloads are read from the log one after the other by one reader; more at once only queue there. */
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export function createTriggerInstanceService({ store, events, now }: ServiceDependencies): TriggerInstanceService {
  const rows = store.triggerInstances;

  /** The row; asked again while the projection lags behind the log, within a bound. */
  const projected = async (id: string): Promise<TriggerInstanceRow | null> => {
    const deadline = now() + PROJECTION_WAIT_MS;
    for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
      const row = await rows.get(id);
      if (row || now() + wait > deadline) return row;
      await pause(wait);
    }
  };
  const eventOf = (id: string): Promise<LoggedEvent | null> => (isId(id) ? events.read(id) : Promise.resolve(null));

  return {
    list: async (principal, query) => {
      authorise(principal, 'trigger_list');
      const page = await rows.list(query);
      const logged = await Promise.all(page.rows.map(({ id }) => events.read(id)));
      return { total: page.total, rows: page.rows.map((row, index) => fromRow(row, logged[index] ?? null)) };
    },
    get: async (principal, id) => {
      authorise(principal, 'trigger_view', id);
      if (!isId(id)) throw noSuchId(id);
      const row = await rows.get(id);
      const event = await eventOf(id);
      if (row) return fromRow(row, event);
      if (!event) throw noSuchId(id);
      const late = await projected(id);
      return late ? fromRow(late, event) : fromEvent(event);
    },
  };
}

const timestamp = (iso: string): string => {
  const ms = parseTimestamp(iso) ?? Date.parse(iso);
  return Number.isNaN(ms) ? iso : formatTimestamp(ms);
};

const fromRow = (row: TriggerInstanceRow, event: LoggedEvent | null): TriggerInstance => ({
  trigger: row.trigger,
  occurrence_time: timestamp(row.occurredAt),
  status: row.status,
  id: row.id,
  payload: event?.payload ?? {},
});

const fromEvent = (event: LoggedEvent): TriggerInstance => ({
  trigger: event.trigger,
  occurrence_time: timestamp(event.occurredAt),
  status: TriggerInstanceStatus.pending,
  id: event.instanceId,
  payload: event.payload,
});
