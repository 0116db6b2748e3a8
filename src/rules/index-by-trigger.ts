import type { LoggedEvent } from '../model/event';
import type { JsonObject, JsonValue } from '../model/json';
import type { Rule } from '../model/rule';
import type { CompiledCriterion, CompiledRule } from './compile';
import { compileRule } from './compile';
import { lookUp } from './payload-path';
import type { Path } from './payload-path';

/** Rules of one trigger: those that one literal value of one path decides, by that value, and the rest. */
interface TriggerRules {
  byValue: Map<string, { path: Path; rules: Map<string, CompiledRule[]> }>;
  rest: CompiledRule[];
}

/** All enabled rules, arranged so that an event's cost does not grow with the number of rules that one literal value rules out. */
export interface RuleIndex {
  /** Rules that may have something to say about the event, in the order they were given; every other rule of the trigger would not match. */
  candidates(event: Pick<LoggedEvent, 'trigger' | 'payload'>): CompiledRule[];
  readonly size: number;
}

const EQUALS = new Set(['eq', 'equals']);
const INSIDE = new Set(['in', 'inside']);
/** With a literal pattern these never fail, so skipping a rule whose later criterion says no can't hide a failure. */
const NEVER_FAILS = new Set([...EQUALS, 'neq', 'nequals', 'exists', 'nexists']);

/** Compiles and arranges rules. Disabled rules are left out. */
export function indexRules(rules: readonly Rule[]): RuleIndex {
  const compiled = rules.filter(({ enabled }) => enabled).map(compileRule);
  const place = new Map(compiled.map((rule, index) => [rule, index] as const));
  const triggers = new Map<string, TriggerRules>();
  for (const rule of compiled) add(triggers, rule);
  return {
    size: compiled.length,
    candidates: ({ trigger, payload }) => {
      const known = triggers.get(trigger);
      if (!known) return [];
      return select(known, payload).sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
    },
  };
}

function add(triggers: Map<string, TriggerRules>, rule: CompiledRule): void {
  const { ref } = rule.rule.trigger;
  const known: TriggerRules = triggers.get(ref) ?? { byValue: new Map(), rest: [] };
  triggers.set(ref, known);
  const decisive = decisiveCriterion(rule);
  if (!decisive) {
    known.rest.push(rule);
    return;
  }
  const { path } = decisive.criterion;
  const pathKey = JSON.stringify(path);
  const table = known.byValue.get(pathKey) ?? { path, rules: new Map<string, CompiledRule[]>() };
  known.byValue.set(pathKey, table);
  for (const value of decisive.values) {
    const sharing = table.rules.get(value);
    if (sharing) sharing.push(rule);
    else table.rules.set(value, [rule]);
  }
}

function select(known: TriggerRules, payload: JsonObject): CompiledRule[] {
  const chosen = [...known.rest];
  const root = { trigger: payload, system: {} };
  for (const { path, rules } of known.byValue.values()) {
    const key = valueKey(lookUp(path, root));
    if (key !== null) chosen.push(...(rules.get(key) ?? []));
  }
  return chosen;
}

/** The first criterion that a literal value decides, when nothing before it could fail. */
function decisiveCriterion(rule: CompiledRule): { criterion: CompiledCriterion; values: Set<string> } | null {
  for (const criterion of rule.criteria) {
    if ('problem' in criterion || criterion.templated) return null;
    const values = decidingValues(criterion);
    if (values) return { criterion, values };
    if (!NEVER_FAILS.has(criterion.operatorName)) return null;
  }
  return null;
}

function decidingValues({ operatorName, pattern }: CompiledCriterion): Set<string> | null {
  const patterns = EQUALS.has(operatorName)
    ? [pattern]
    : INSIDE.has(operatorName) && Array.isArray(pattern)
      ? pattern
      : null;
  const keys = patterns?.map(valueKey) ?? [null];
  return keys.every((key) => key !== null) ? new Set(keys) : null;
}

/** Equal scalars (as Python compares them: True is 1) have equal keys; other values have none. */
function valueKey(value: JsonValue): string | null {
  if (typeof value === 'string') return `s${value}`;
  return typeof value === 'number' || typeof value === 'boolean' ? `n${Number(value) + 0}` : null;
}
