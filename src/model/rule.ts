import { z } from 'zod';
import { computedFields } from './metadata-fields';
import type { JsonObject } from './json';
import { FreeSchema, Tag } from './parameter-schema';
import type { EnforcementStatus } from './statuses';
import { StormGuard, timeCondition } from './time-condition';

const jsonObject = FreeSchema;

/** One criterion: `type` is an operator name (src/rules/operators). */
export const Criterion = z.looseObject({
  type: z.string({ error: 'expected the name of an operator' }),
  pattern: z.unknown().optional(),
  condition: z.string().optional(),
});
export type Criterion = z.infer<typeof Criterion>;

/**
 * Criteria, all of which have to hold: key → criterion; beyond StackStorm `any` and `all` → list of criteria, `not` → criteria. What follows
 * `#` in a key only tells keys apart.
 */
export interface Criteria {
  [key: string]: Criterion | Criteria | Criteria[];
}
export type GroupKind = 'any' | 'all' | 'not';

/** How the criteria under a key are joined; null for a criterion of its own (a path that happens to be called `any` too). */
export function groupKind(key: string, value: unknown): GroupKind | null {
  const name = (key.split('#')[0] as string).trim();
  if (name === 'any' || name === 'all') return Array.isArray(value) ? name : null;
  if (name !== 'not' || typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return 'type' in value ? null : 'not';
}

const MAX_DEPTH = 10;

/** Criteria as they come; every problem has the path of what it is about. */
const CriteriaDocument = z.record(z.string(), z.unknown()).superRefine((criteria, context) => {
  checkCriteria(criteria, [], (path, message) => context.addIssue({ code: 'custom', path, message }));
});

function checkCriteria(
  criteria: Record<string, unknown>,
  path: (string | number)[],
  complain: (path: (string | number)[], message: string) => void,
): void {
  if (path.length > MAX_DEPTH * 2) return complain(path, `groups are nested more than ${MAX_DEPTH} deep`);
  for (const [key, value] of Object.entries(criteria)) {
    const here = [...path, key];
    if (groupKind(key, value)) {
      const members: [(string | number)[], unknown][] = Array.isArray(value)
        ? value.map((member, index) => [[...here, index], member])
        : [[here, value]];
      for (const [place, member] of members) {
        if (typeof member === 'object' && member !== null && !Array.isArray(member))
          checkCriteria(member as Record<string, unknown>, place, complain);
        else complain(place, 'expected criteria');
      }
      continue;
    }
    const parsed = Criterion.safeParse(value);
    for (const { path: within, message } of parsed.error?.issues ?? [])
      complain([...here, ...(within as (string | number)[])], message);
  }
}

/** Beyond StackStorm: when matching events lead to an execution. */
export const TimeCondition = timeCondition(CriteriaDocument);
export type TimeCondition = z.infer<typeof TimeCondition>;

/** rules/*.yaml, and the body of POST /rules. */
export const RuleMetadata = z.strictObject({
  name: z.string().min(1),
  pack: z.string().nullish(),
  description: z.string().nullish(),
  enabled: z.boolean().nullish(),
  /** Beyond StackStorm: a rule in shadow mode is matched and recorded, and starts nothing. */
  mode: z.enum(['active', 'shadow']).nullish(),
  type: z.strictObject({ ref: z.string(), parameters: jsonObject.nullish() }).nullish(),
  trigger: z.looseObject({ type: z.string(), parameters: jsonObject.nullish() }),
  criteria: CriteriaDocument.nullish(),
  when: TimeCondition.nullish(),
  guard: StormGuard.nullish(),
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
  /** Only of a rule that is matched and starts nothing. */
  mode?: 'shadow';
  type: { ref: string; parameters: JsonObject };
  trigger: { type: string; ref: string; parameters: JsonObject };
  criteria: Criteria;
  /** Only of a rule that remembers events: a time condition, whose answers' trigger has its `ref`, and a storm guard. */
  when?: TimeCondition;
  guard?: StormGuard;
  action: { ref: string; parameters: JsonObject };
  context: JsonObject;
  tags: Tag[];
  metadata_file: string;
}

/** Every trigger whose events a rule sees: its own, and that of the answers its time condition waits for. */
export function triggersOf({ trigger, when }: Pick<Rule, 'trigger' | 'when'>): Rule['trigger'][] {
  return when?.type === 'sequence' ? [trigger, when.unless.trigger as Rule['trigger']] : [trigger];
}

/** Whether a rule keeps something in mind between events: then its shards decide, not the event alone. */
export const remembers = ({ when, guard }: Pick<Rule, 'when' | 'guard'>): boolean =>
  when !== undefined || guard !== undefined;

/** What happened for one (rule, event) that matched. */
export interface RuleEnforcement {
  /** Execution id when one was started; otherwise derived (ids.ts). */
  id: string;
  trigger_instance_id: string;
  execution_id?: string;
  failure_reason?: string;
  rule: { ref: string; id: string; uid: string };
  enforced_at: string;
  status: EnforcementStatus;
  /** Version of the rule set that the event was matched against (guarantee 1). */
  rule_set_version?: number;
}
