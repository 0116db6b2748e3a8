import { z } from 'zod';

/** Events that one request puts into the log again, at most. */
export const MAX_RE_EMITTED = 200;

/** Body of POST /triggerinstances/re_emit: instances by id, or those of a trigger whose events occurred from one time until before another. */
export const ReEmissionRequest = z.union([
  z.strictObject({ ids: z.array(z.string()).min(1).max(MAX_RE_EMITTED) }),
  z.strictObject({
    trigger: z.string().min(1),
    /** ISO 8601, as the events themselves tell (`occurrence_time`). */
    from: z.string(),
    to: z.string().nullish(),
    status: z.string().nullish(),
    limit: z.number().int().min(1).max(MAX_RE_EMITTED).nullish(),
    /** Instances to leave out: those that requests before had. */
    offset: z.number().int().min(0).nullish(),
    /** Count only. */
    dry_run: z.boolean().nullish(),
  }),
]);
export type ReEmissionRequest = z.infer<typeof ReEmissionRequest>;
