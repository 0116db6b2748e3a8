import type { LetterRow, Settlement } from '../../model/dead-letter';
import { EverstormError } from '../../model/errors';
import type { LoggedEvent } from '../../model/event';
import type { Principal } from '../../model/principal';
import { EnforcementStatus } from '../../model/statuses';
import type { ServiceDependencies } from '../context';
import { forEachLimited } from '../rule-service/limit';
import type { LetterOutcome } from './outcome';
import { refused } from './outcome';
import type { AskedRule } from './to-rule';

type Dependencies = Pick<ServiceDependencies, 'store' | 'events' | 'deadLetters' | 'now' | 'debug'>;
/** Letters read from Kafka, or held against a rule, at once. */
const CONCURRENCY = 8;

/** A letter that is to be settled with what was done for it. */
interface Done {
  letter: LetterRow;
  outcome: LetterOutcome;
  settlement?: Omit<Settlement, 'by' | 'at'>;
}

/**
 * Redrives letters: each event is put into the log again, as the one it was (same source, id, time and payload), or held against one rule; then
 * its letter is settled. In that order: who dies between the two leaves the letter open, and redriving it again starts nothing twice, since
 * (rule, source, event id) make the execution's id. Letters go in the order of their ids, which is that of the log. One outcome per letter.
 */
export async function redrive(
  rows: readonly LetterRow[],
  { principal, rule }: { principal: Principal; rule: AskedRule | null },
  deps: Dependencies,
): Promise<LetterOutcome[]> {
  const events = new Map<string, LoggedEvent>();
  const done = new Map<string, Done>();
  const attempt = async (letter: LetterRow, work: () => Promise<Done | null>): Promise<void> => {
    try {
      const result = await work();
      if (result) done.set(letter.id, result);
    } catch (error) {
      done.set(letter.id, { letter, outcome: refused(letter.id, error) });
    }
  };
  const ordered = [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));
  await forEachLimited(ordered, CONCURRENCY, (letter) =>
    attempt(letter, async () => {
      const settled = alreadySettled(letter, rule !== null);
      if (settled) return { letter, outcome: settled };
      events.set(letter.id, await eventOf(letter, deps));
      return null;
    }),
  );
  const asked = ordered.flatMap((letter) => {
    const event = events.get(letter.id);
    return event ? [{ letter, event }] : [];
  });
  // Publishes that are begun one after the other keep their order in the log.
  if (rule) await forEachLimited(asked, CONCURRENCY, (one) => attempt(one.letter, () => toRule(one, rule)));
  else await Promise.all(asked.map((one) => attempt(one.letter, () => intoLog(one, deps))));
  await deps.debug?.('after-redrive');
  const settlements = [...done.values()].flatMap(({ letter, settlement }) =>
    settlement ? [{ letter, settlement: { ...settlement, by: principal.user, at: nowOf(deps) } }] : [],
  );
  if (settlements.length > 0) await deps.store.deadLetters.settle(settlements);
  return ordered.flatMap(({ id }) => done.get(id)?.outcome ?? []);
}

const nowOf = ({ now }: Pick<Dependencies, 'now'>): string => new Date(now()).toISOString();

/** A redriven event may still be held against one more rule: that rule's execution has an id of its own. A purged one is done with. */
function alreadySettled({ id, state }: LetterRow, toOneRule: boolean): LetterOutcome | null {
  if (state === 'purged') {
    const purged = new EverstormError('CONFLICT', `Dead letter "${id}" was purged; it can't be redriven.`, {
      field: 'id',
    });
    return refused(id, purged);
  }
  return state === 'redriven' && !toOneRule ? { id, outcome: 'already-redriven' } : null;
}

/** The event of a letter. Throws INVALID_EVENT and its like, with details.field, when it holds none. */
async function eventOf(letter: LetterRow, { deadLetters }: Dependencies): Promise<LoggedEvent> {
  const content = await deadLetters.read(letter);
  const which = `Dead letter "${letter.id}"`;
  if (content === null)
    throw new EverstormError('INVALID_REQUEST', `The record of dead letter "${letter.id}" is no longer kept.`, {
      field: 'id',
    });
  if (content === 'omitted')
    throw new EverstormError(
      'EVENT_TOO_LARGE',
      `${which} was too large to be copied, and its record is no longer kept.`,
      {
        field: 'value',
      },
    );
  if (content.kind === 'event') return content.event;
  const { reason, detail } = content.record;
  throw new EverstormError(
    reason,
    `${which} is no event (${reason}: ${detail}). Publish a corrected record and purge this one.`,
    { field: fieldIn(detail) },
  );
}

/** What a malformed record's detail is about: an attribute, or the data. */
const fieldIn = (detail: string): string =>
  /^attribute (\S+)|^(data(?:_base64)?|content-type)\b/.exec(detail)?.slice(1).find(Boolean) ?? 'value';

async function intoLog(
  { letter, event }: { letter: LetterRow; event: LoggedEvent },
  { events }: Dependencies,
): Promise<Done> {
  const { instanceId: _instance, partition: _partition, offset: _offset, ...again } = event;
  const { instanceId } = await events.publish(again);
  return {
    letter,
    outcome: { id: letter.id, outcome: 'redriven', trigger_instance: instanceId },
    settlement: { state: 'redriven', instanceId },
  };
}

async function toRule(
  { letter, event }: { letter: LetterRow; event: LoggedEvent },
  { rule, ask }: AskedRule,
): Promise<Done> {
  const { kind, enforcement } = await ask(event);
  const enforced = enforcement !== null && enforcement.status !== EnforcementStatus.failed;
  const outcome = kind === 'not-matched' ? kind : enforced ? 'redriven' : 'failed';
  const execution = enforcement?.execution_id;
  return {
    letter,
    outcome: {
      ...{ id: letter.id, outcome, rule: rule.ref },
      ...(enforcement ? { enforcement: brief(enforcement) } : {}),
      ...(execution === undefined ? {} : { execution }),
    },
    ...(outcome === 'redriven'
      ? {
          settlement: {
            ...{ state: 'redriven', ruleRef: rule.ref },
            ...(execution === undefined ? {} : { executionId: execution }),
          },
        }
      : {}),
  };
}

const brief = ({ id, status, failure_reason }: NonNullable<Awaited<ReturnType<AskedRule['ask']>>['enforcement']>) => ({
  ...{ id, status },
  ...(failure_reason === undefined ? {} : { failure_reason }),
});
