import { z } from 'zod';
import { TriggerTypeMetadata } from './trigger';

/** sensors/*.yaml. */
export const SensorMetadata = z.looseObject({
  class_name: z.string().min(1),
  entry_point: z.string().min(1),
  pack: z.string().optional(),
  description: z.string().nullish(),
  enabled: z.boolean().nullish(),
  poll_interval: z.number().min(0.1).nullish(),
  trigger_types: z.array(TriggerTypeMetadata).min(1),
});
export type SensorMetadata = z.infer<typeof SensorMetadata>;

/** A registered sensor, in StackStorm's API shape. */
export interface SensorType {
  id: string;
  uid: string;
  ref: string;
  name: string;
  pack: string;
  description: string;
  /** file:// URL of the entry point. */
  artifact_uri: string;
  /** `sensors.module.Class` as StackStorm shows it. */
  entry_point: string;
  trigger_types: string[];
  poll_interval?: number;
  enabled: boolean;
  metadata_file: string;
}
