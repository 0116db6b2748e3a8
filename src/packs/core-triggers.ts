import type { JsonObject } from '../model/json';
import { INTERVAL_TIMER_TYPE, WEBHOOK_TRIGGER_TYPE } from '../model/trigger';
import type { TriggerType } from '../model/trigger';
import { triggerTypeDocument } from './trigger-documents';

const CORE = 'core';
const text: JsonObject = { type: 'string' };
const required = (schema: JsonObject): JsonObject => ({ ...schema, required: true });
const textOrInteger: JsonObject = { anyOf: [{ type: 'string' }, { type: 'integer' }] };
const ranged = (minimum: number, maximum: number): JsonObject => ({ ...textOrInteger, minimum, maximum });

const open = (...names: string[]): JsonObject => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, {}])),
});
const closed = (properties: JsonObject): JsonObject => ({ type: 'object', properties, additionalProperties: false });

const TIMER_PAYLOAD: JsonObject = {
  type: 'object',
  properties: { executed_at: { type: 'string', format: 'date-time' }, schedule: { type: ['object', 'null'] } },
};

const nameOf = (ref: string): string => ref.slice(CORE.length + 1);
const type = (
  name: string,
  description: string,
  schemas: { payload: JsonObject; parameters?: JsonObject },
): TriggerType =>
  triggerTypeDocument(CORE, {
    name,
    description,
    payload_schema: schemas.payload,
    ...(schemas.parameters === undefined ? {} : { parameters_schema: schemas.parameters }),
  });

/** The trigger types that StackStorm has without any pack (reference 6.1), all in pack `core`. */
export const CORE_TRIGGER_TYPES: readonly TriggerType[] = [
  type('st2.CronTimer', 'Fires whenever the time fits the given fields, in the manner of cron.', {
    payload: TIMER_PAYLOAD,
    parameters: closed({
      timezone: text,
      year: textOrInteger,
      month: ranged(1, 12),
      day: ranged(1, 31),
      week: ranged(1, 53),
      day_of_week: ranged(0, 6),
      hour: ranged(0, 23),
      minute: ranged(0, 59),
      second: ranged(0, 59),
    }),
  }),
  type('st2.DateTimer', 'Fires once, at the given date and time.', {
    payload: TIMER_PAYLOAD,
    parameters: closed({ timezone: text, date: required({ type: 'string', format: 'date-time' }) }),
  }),
  type(nameOf(INTERVAL_TIMER_TYPE), 'Fires again and again, each time the given interval has passed.', {
    payload: TIMER_PAYLOAD,
    parameters: closed({
      timezone: text,
      unit: required({ enum: ['weeks', 'days', 'hours', 'minutes', 'seconds'] }),
      delta: required({ type: 'integer' }),
    }),
  }),
  type('st2.action.file_written', 'A file of an action was written to disk.', {
    payload: open('ref', 'file_path', 'host_info'),
  }),
  type('st2.generic.actiontrigger', 'An execution ended.', {
    payload: open(
      'execution_id', 'status', 'start_timestamp', 'action_name', 'action_ref', 'runner_ref', 'parameters', 'result',
    ), // prettier-ignore
  }),
  type('st2.generic.inquiry', 'An inquiry waits for an answer.', {
    payload: closed({ id: required(text), route: required(text) }),
  }),
  type('st2.generic.notifytrigger', 'Somebody asked to be told how an execution ended.', {
    payload: open(
      'execution_id', 'status', 'start_timestamp', 'end_timestamp', 'action_ref', 'runner_ref', 'channel', 'route', 'message', 'data',
    ), // prettier-ignore
  }),
  type('st2.key_value_pair.create', 'A datastore item was made.', { payload: open('object') }),
  type('st2.key_value_pair.delete', 'A datastore item was removed.', { payload: open('object') }),
  type('st2.key_value_pair.update', 'A datastore item was set.', { payload: open('object') }),
  type('st2.key_value_pair.value_change', 'The value of a datastore item became another.', {
    payload: open('old_object', 'new_object'),
  }),
  type('st2.sensor.process_exit', 'A sensor stopped.', { payload: open('id', 'timestamp', 'exit_code') }),
  type('st2.sensor.process_spawn', 'A sensor started.', { payload: open('id', 'timestamp', 'pid', 'cmd') }),
  type(nameOf(WEBHOOK_TRIGGER_TYPE), 'An HTTP request came to /webhooks/<url>.', {
    payload: {
      type: 'object',
      properties: { headers: { type: 'object' }, body: { anyOf: [{ type: 'array' }, { type: 'object' }] } },
    },
    parameters: closed({ url: required(text) }),
  }),
];
