import type { LoggedEvent } from '../model/event';
import type { Rule } from '../model/rule';
import { compileRule } from './compile';
import type { CompiledRule } from './compile';
import { NO_RULES, rearranged } from './index-of-trigger';
import type { TriggerRules } from './index-of-trigger';
import { planOf, select } from './index-plan';
import type { Plan } from './index-plan';
import { LayeredMap } from './layered-map';

/**
 * All enabled rules, arranged so that an event's cost does not grow with the number of rules that one literal value, prefix or threshold rules
 * out. Immutable: a change gives another index, at a cost that does not grow with the number of rules either, and who holds this one goes on
 * with these rules.
 */
export interface RuleIndex {
  /** Rules that may have something to say about the event, in the order of their refs; every other rule of the trigger would not match. */
  candidates(event: Pick<LoggedEvent, 'trigger' | 'payload'>): CompiledRule[];
  /** The index after rules were put in the place of those with the same refs, or taken out by their refs (which comes first). */
  changed(change: RuleChange): RuleIndex;
  /** Whether a rule listens to the trigger. */
  hears(trigger: string): boolean;
  readonly size: number;
}

export interface RuleChange {
  put: readonly Rule[];
  removed: readonly string[];
}

interface Arranged {
  rules: TriggerRules;
  plan: Plan;
}

/** Compiles and arranges rules, whose refs differ. Disabled rules are left out. */
export const indexRules = (rules: readonly Rule[]): RuleIndex => EMPTY.changed({ put: rules, removed: [] });

function indexOf(byRef: LayeredMap<string, CompiledRule>, triggers: LayeredMap<string, Arranged>): RuleIndex {
  return {
    size: byRef.size,
    hears: (trigger) => triggers.get(trigger) !== undefined,
    candidates: ({ trigger, payload }) => {
      const known = triggers.get(trigger);
      return known ? inOrder(select(known.plan, payload)) : [];
    },
    changed: (change) => {
      const next = new Map<string, CompiledRule | undefined>(change.removed.map((ref) => [ref, undefined]));
      for (const rule of change.put) next.set(rule.ref, rule.enabled ? compileRule(rule) : undefined);
      const changes = new Map<string, Arranged | undefined>();
      for (const [trigger, { out, into }] of byTrigger(next, byRef)) {
        const rules = rearranged(triggers.get(trigger)?.rules ?? NO_RULES, out, into);
        const empty = rules.groups.size === 0 && rules.rest.length === 0;
        changes.set(trigger, empty ? undefined : { rules, plan: planOf(rules) });
      }
      return indexOf(byRef.changed(next), triggers.changed(changes));
    },
  };
}

const EMPTY = indexOf(LayeredMap.empty(), LayeredMap.empty());

/** Rules that leave a trigger and rules that come to it. */
interface Traffic {
  out: CompiledRule[];
  into: CompiledRule[];
}

function byTrigger(
  next: ReadonlyMap<string, CompiledRule | undefined>,
  known: LayeredMap<string, CompiledRule>,
): Map<string, Traffic> {
  const traffic = new Map<string, Traffic>();
  const note = (rule: CompiledRule | undefined, way: keyof Traffic): void => {
    if (!rule) return;
    const { ref } = rule.rule.trigger;
    const own = traffic.get(ref) ?? { out: [], into: [] };
    traffic.set(ref, own);
    own[way].push(rule);
  };
  for (const [ref, rule] of next) {
    note(known.get(ref), 'out');
    note(rule, 'into');
  }
  return traffic;
}

/** Each rule once, by ref. */
function inOrder(rules: CompiledRule[]): CompiledRule[] {
  if (rules.length < 2) return rules;
  const sorted = rules.sort((a, b) => (a.rule.ref < b.rule.ref ? -1 : a.rule.ref > b.rule.ref ? 1 : 0));
  return sorted.filter((rule, index) => rule !== sorted[index - 1]);
}
