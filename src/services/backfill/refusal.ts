import type { Rule } from '../../model/rule';

/** Parts of a rule whose answer depends on what happened around the event when it came by, which the log alone can't tell. */
const LIVE_ONLY: ReadonlyMap<string, string> = new Map([
  ['when', 'it has conditions on time (`when`), which are decided as events come by'],
  ['guard', 'it has a storm guard (`guard`), which counts what happens now'],
]);

/** Why a rule can't be held against the log's past; null when it can. The one place that refuses. */
export function backfillRefusal(rule: Rule): string | null {
  for (const [part, reason] of LIVE_ONLY) {
    const value: unknown = Object.hasOwn(rule, part) ? Reflect.get(rule, part) : undefined;
    if (value !== undefined && value !== null) return `Rule "${rule.ref}" can't be backfilled: ${reason}.`;
  }
  return null;
}
