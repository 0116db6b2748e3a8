import { z } from 'zod';
import { Duration } from './duration';
import { FreeSchema } from './parameter-schema';

/** A Jinja template over the event (`trigger`); events whose key is the same text belong together. Default: all do. */
const Key = z.string().nullish();
/** How many workflows share the rule's keys (default 4): each keeps some ten thousand keys. */
const Shards = z.int().min(1).max(64).nullish();
/** How much later than newer events of its key an event may still come and count. Default: `within`. */
const Late = Duration.nullish();

/** The event that keeps a sequence from firing. */
const Answer = <T extends z.ZodType>(criteria: T) =>
  z.strictObject({
    trigger: z.looseObject({ type: z.string(), parameters: FreeSchema.nullish() }),
    criteria: criteria.nullish(),
    /** Of the answering event; default: the rule's own key template. */
    key: Key,
  });

/** When events that match a rule's criteria lead to an execution: not each by itself, but by what others there were, and when. */
export const timeCondition = <T extends z.ZodType>(criteria: T) =>
  z.discriminatedUnion('type', [
    /** `count` events of one key within a time: fires with the event that completes the number, which then begins anew. */
    z.strictObject({
      type: z.literal('threshold'),
      count: z.int().min(2, 'expected at least 2').max(10_000, 'expected at most 10000'),
      within: Duration,
      key: Key,
      late: Late,
      shards: Shards,
    }),
    /** No event of a key for so long after its last one: fires with that one, once, and again only after the key was heard of again. */
    z.strictObject({ type: z.literal('absence'), within: Duration, key: Key, shards: Shards }),
    /** An event that no answer followed in time: fires with it. */
    z.strictObject({
      type: z.literal('sequence'),
      within: Duration,
      key: Key,
      unless: Answer(criteria),
      late: Late,
      shards: Shards,
    }),
  ]);

/** Keeps a rule from starting too much: what it holds back is recorded as `suppressed`. Applied in this order. */
export const StormGuard = z
  .strictObject({
    key: Key,
    shards: Shards,
    /** Fires with the last event once no other came for `wait`, at the latest `at_most` after the first. */
    debounce: z.strictObject({ wait: Duration, at_most: Duration.nullish() }).nullish(),
    /** At most `limit` executions begin within any `per`. */
    throttle: z.strictObject({ limit: z.int().min(1).max(10_000), per: Duration }).nullish(),
    /** At most `limit` executions run at once; what is too many is suppressed, or waits for its turn. */
    concurrency: z
      .strictObject({ limit: z.int().min(1).max(1_000), excess: z.enum(['suppress', 'delay']).nullish() })
      .nullish(),
  })
  .refine(({ debounce, throttle, concurrency }) => debounce ?? throttle ?? concurrency, {
    error: 'expected debounce, throttle or concurrency',
  });
export type StormGuard = z.infer<typeof StormGuard>;
