import type { CompiledRule } from './compile';
import { changedGroups } from './index-groups';
import type { Groups, Move } from './index-groups';
import { indexOptions } from './index-options';
import type { IndexOption } from './index-options';
import { cheapest, sharersAfter } from './index-sharing';
import type { RuleWithOptions, Sharers } from './index-sharing';

/** The rules of one trigger, each where fewest others are found by the same keys. Immutable; depends on the rules only, not on how they came to be. */
export interface TriggerRules {
  groups: Groups;
  /** Rules to be asked about every event. */
  rest: readonly CompiledRule[];
  sharers: Sharers;
}

export const NO_RULES: TriggerRules = { groups: new Map(), rest: [], sharers: new Map() };

/** The arrangement after rules left and others came; all that these do not touch is shared. */
export function rearranged(
  before: TriggerRules,
  out: readonly CompiledRule[],
  into: readonly CompiledRule[],
): TriggerRules {
  const [gone, came] = [withOptions(out), withOptions(into)];
  const { sharers, unsettled } = sharersAfter(before.sharers, gone, came);
  const leaving: Placed[] = gone.map((rule) => placed(rule, before.sharers));
  const coming: Placed[] = came.map((rule) => placed(rule, sharers));
  for (const rule of withOptions(unsettled)) {
    const [from, to] = [placed(rule, before.sharers), placed(rule, sharers)];
    if (from.option === to.option) continue;
    leaving.push(from);
    coming.push(to);
  }
  return {
    groups: changedGroups(before.groups, leaving.filter(isMove), coming.filter(isMove)),
    rest: changedRest(before.rest, leaving, coming),
    sharers,
  };
}

interface Placed {
  rule: CompiledRule;
  option: IndexOption | null;
}
const isMove = (placed: Placed): placed is Move => placed.option !== null;

const placed = ({ rule, options }: RuleWithOptions, sharers: Sharers): Placed => ({
  rule,
  option: cheapest(options, sharers),
});

const withOptions = (rules: readonly CompiledRule[]): RuleWithOptions[] =>
  rules.map((rule) => ({ rule, options: indexOptions(rule) }));

function changedRest(
  before: readonly CompiledRule[],
  leaving: readonly Placed[],
  coming: readonly Placed[],
): readonly CompiledRule[] {
  const gone = new Set(leaving.filter(({ option }) => option === null).map(({ rule }) => rule));
  const came = coming.filter(({ option }) => option === null).map(({ rule }) => rule);
  if (gone.size === 0 && came.length === 0) return before;
  return [...before.filter((rule) => !gone.has(rule)), ...came];
}
