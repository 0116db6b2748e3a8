import { z } from 'zod';
import { computedFields } from './metadata-fields';
import type { JsonObject } from './json';
import { FreeSchema, Tag } from './parameter-schema';

const jsonObject = FreeSchema;

/** One criterion: `type` is an operator name (src/rules/operators). */
export const Criterion = z.looseObject({
  type: z.string({ error: 'expected the name of an operator' }),
  pattern: z.unknown().optional(),
  condition: z.string().optional(),
});
export type Criterion = z.infer<typeof Criterion>;

/** rules/*.yaml, and the body of POST /rules. */
export const RuleMetadata = z.strictObject({
  name: z.string().min(1),
  pack: z.string().nullish(),
  description: z.string().nullish(),
  enabled: z.boolean().nullish(),
  type: z.strictObject({ ref: z.string(), parameters: jsonObject.nullish() }).nullish(),
  trigger: z.looseObject({ type: z.string(), parameters: jsonObject.nullish() }),
  criteria: z.record(z.string(), Criterion).nullish(),
  action: z.looseObject({ ref: z.string(), parameters: jsonObject.nullish() }),
  context: z.looseObject({}).nullish(),
  tags: z.array(Tag).nullish(),
  ...computedFields,
});
export type RuleMetadata = z.infer<typeof RuleMetadata>;

/** A registered rule, in StackStorm's API shape. `trigger.ref` is the trigger whose events it sees. */
export interface Rule {
  id: string;
  uid: string;
  ref: string;
  name: string;
  pack: string;
  description: string;
  enabled: boolean;
  type: { ref: string; parameters: JsonObject };
  trigger: { type: string; ref: string; parameters: JsonObject };
  criteria: Record<string, Criterion>;
  action: { ref: string; parameters: JsonObject };
  context: JsonObject;
  tags: Tag[];
  metadata_file: string;
}

/** What happened for one (rule, event) that matched. */
export interface RuleEnforcement {
  /** Execution id when one was started; otherwise derived (ids.ts). */
  id: string;
  trigger_instance_id: string;
  execution_id?: string;
  failure_reason?: string;
  rule: { ref: string; id: string; uid: string };
  enforced_at: string;
  status: 'succeeded' | 'failed' | 'deduplicated';
  /** Version of the rule set that the event was matched against (guarantee 1). */
  rule_set_version?: number;
}
