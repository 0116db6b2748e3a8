import { z } from 'zod';
import { computedFields } from './metadata-fields';
import { FreeSchema, ParameterSchemas, Tag } from './parameter-schema';

const NotifyLeg = z.looseObject({
  message: z.string().nullish(),
  data: z.record(z.string(), z.unknown()).nullish(),
  routes: z.array(z.string()).nullish(),
  channels: z.array(z.string()).nullish(),
});
export const Notify = z.strictObject({
  'on-complete': NotifyLeg.optional(),
  'on-success': NotifyLeg.optional(),
  'on-failure': NotifyLeg.optional(),
});

/** actions/*.yaml, and the body of POST /actions. */
export const ActionMetadata = z.strictObject({
  name: z.string().min(1),
  pack: z.string().optional(),
  description: z.string().nullish(),
  enabled: z.boolean().nullish(),
  runner_type: z.string().min(1),
  entry_point: z.string().nullish(),
  parameters: ParameterSchemas.nullish(),
  output_schema: FreeSchema.nullish(),
  tags: z.array(Tag).nullish(),
  notify: Notify.nullish(),
  /** Everstorm: run again when the worker died before reporting; default by runner (true only where a run has no effects). */
  retry_on_worker_loss: z.boolean().nullish(),
  ...computedFields,
});
export type ActionMetadata = z.infer<typeof ActionMetadata>;

/** A registered action, in StackStorm's API shape. */
export interface Action {
  id: string;
  uid: string;
  ref: string;
  name: string;
  pack: string;
  description: string;
  enabled: boolean;
  runner_type: string;
  entry_point: string;
  parameters: ParameterSchemas;
  output_schema: z.infer<typeof FreeSchema>;
  tags: Tag[];
  notify: z.infer<typeof Notify>;
  metadata_file: string;
  retry_on_worker_loss?: boolean;
}
