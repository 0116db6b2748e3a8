import { z } from 'zod';
import { computedFields } from './metadata-fields';
import type { JsonObject } from './json';
import { FreeSchema, Tag } from './parameter-schema';

/** triggers/*.yaml, sensors' trigger_types, and the body of POST /triggertypes. */
export const TriggerTypeMetadata = z.strictObject({
  name: z.string().min(1),
  pack: z.string().optional(),
  description: z.string().nullish(),
  payload_schema: FreeSchema.nullish(),
  parameters_schema: FreeSchema.nullish(),
  tags: z.array(Tag).nullish(),
  ...computedFields,
});
export type TriggerTypeMetadata = z.infer<typeof TriggerTypeMetadata>;

export interface TriggerType {
  id: string;
  uid: string;
  ref: string;
  name: string;
  pack: string;
  description: string;
  payload_schema: JsonObject;
  parameters_schema: JsonObject;
  tags: Tag[];
  metadata_file?: string;
}

/** A trigger: a type, or a type with parameters. Events name a trigger's ref; rules listen to one. */
export interface Trigger {
  id: string;
  uid: string;
  ref: string;
  name: string;
  pack: string;
  /** Ref of the trigger type. */
  type: string;
  parameters: JsonObject;
  description?: string;
}

export const WEBHOOK_TRIGGER_TYPE = 'core.st2.webhook';
export const CRON_TIMER_TYPE = 'core.st2.CronTimer';
export const INTERVAL_TIMER_TYPE = 'core.st2.IntervalTimer';
