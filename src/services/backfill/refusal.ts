import { remembers } from '../../model/rule';
import type { Rule } from '../../model/rule';

/** Why a rule can't be held against the log's past; null when it can. The one place that refuses. */
export const backfillRefusal = (rule: Rule): string | null =>
  remembers(rule)
    ? `Rule "${rule.ref}" can't be backfilled: its time condition or storm guard (\`when\`, \`guard\`) decides by what happens around an event when it comes by.`
    : null;
