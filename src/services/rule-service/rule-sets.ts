import type { LogEntry, LoggedEvent } from '../../model/event';
import { partitionOf } from '../../model/ids';
import type { RuleSetMark, RuleSetMarks } from '../../ports/store';
import type { CompiledDefinitions, DefinitionCache } from '../definition-cache';
import { isKnown } from './handle-event';

/** What events are to be judged by. */
export interface RuleSet {
  definitions: CompiledDefinitions;
  /** They were judged by it before, up to this instance; null: they are judged for the first time. */
  through: string | null;
}

export interface RuleSetOptions {
  /** Consumer group: each has a first time of its own. */
  group: string;
  marks: RuleSetMarks;
  definitions: DefinitionCache;
  log: { warn(fields: object, message: string): void };
}

/**
 * Guarantee 1: an event is matched against the rule set that was held when it was first judged, whatever dies in between. Before anything is
 * done for events, it is kept up to which one they were judged, and by which version; what comes again is judged by that version again.
 */
export class RuleSets {
  /** Partition → offset that comes next, if all goes well: then nothing comes again, and nobody need be asked. */
  private readonly next = new Map<number, number>();

  constructor(private readonly options: RuleSetOptions) {}

  /** The rule set for the entries from this one on. Throws UNAVAILABLE. */
  async from(event: LoggedEvent): Promise<RuleSet> {
    const current = { definitions: this.options.definitions.current(), through: null };
    if (this.next.get(event.partition) === event.offset) return current;
    const mark = await this.options.marks.get(this.nameOf(event));
    if (!mark || event.instanceId > mark.through || mark.version === current.definitions.version) return current;
    return this.asOf(mark);
  }

  /** To be kept before anything is done for the events up to this one. Throws UNAVAILABLE. */
  async judged(last: LoggedEvent, { definitions, through }: RuleSet): Promise<void> {
    if (through !== null) return;
    await this.options.marks.raise(this.nameOf(last), { through: last.instanceId, version: definitions.version });
  }

  /** All up to this entry is done. */
  passed(entry: LogEntry): void {
    const { partition, offset } = entry.kind === 'event' ? entry.event : entry.record;
    this.next.set(partition, offset + 1);
  }

  private async asOf({ through, version }: RuleSetMark): Promise<RuleSet> {
    const { definitions, log } = this.options;
    const known = await definitions.at(version);
    if (!known)
      log.warn(
        { version },
        'the rule set of a redelivered event is not kept any more: it is judged by the present one',
      );
    return { definitions: known ?? definitions.current(), through };
  }

  private nameOf({ instanceId }: LoggedEvent): string {
    return `${this.options.group} ${partitionOf(instanceId)}`;
  }
}

/** Which rule sets judge the events of one batch, one after the other. */
export interface BatchRules {
  /** The rule set for an event that follows on those judged by `held`; null: another one than that. Throws UNAVAILABLE. */
  next(event: LoggedEvent, held: RuleSet | null): RuleSet | null | Promise<RuleSet>;
}

/**
 * A trigger this process has not heard of may be new: the store is asked before an event is refused. Once for all events of a batch, which were in
 * the log before it was asked, so that many of unknown triggers hold up the others no longer than one.
 */
export function rulesOfBatch(
  ruleSets: Pick<RuleSets, 'from'>,
  definitions: Pick<DefinitionCache, 'refresh'>,
): BatchRules {
  let asked = false;
  const begin = async (event: LoggedEvent): Promise<RuleSet> => {
    const ruleSet = await ruleSets.from(event);
    if (asked || ruleSet.through !== null || isKnown(ruleSet.definitions, event.trigger)) return ruleSet;
    asked = true;
    return { definitions: await definitions.refresh(), through: null };
  };
  return {
    next: (event, held) => {
      if (!held) return begin(event);
      if (held.through !== null) return event.instanceId <= held.through ? held : null;
      return asked || isKnown(held.definitions, event.trigger) ? held : null;
    },
  };
}
