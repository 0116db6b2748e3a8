import type { LogEntry, LoggedEvent, MalformedRecord, NewEvent } from '../model/event';
import type { ErrorCode } from '../model/errors';
import type { SetAside } from '../model/dead-letter';
import type { InstanceRange } from '../model/ids';
import type { Feed } from './feed';
import type { LogRanges } from './log-ranges';

/**
 * The log of events (`everstorm.events`); an event's id is its place in it.
 * Guarantees: `publish` resolves only after all in-sync replicas acknowledged; concurrent publishes are batched (≤ 5 ms or 500 records a send);
 * an event acknowledged is never lost; order is kept per partition key.
 */
export interface EventLog extends LogRanges {
  /** Throws EVENT_TOO_LARGE, INVALID_EVENT, UNAVAILABLE (not acknowledged in time; may or may not be in the log, so retry with the same event id). */
  publish(event: NewEvent): Promise<{ instanceId: string }>;
  /** One event by its id, from the log; null when the id is unknown, of another topic epoch, or its record has expired. */
  read(instanceId: string): Promise<LoggedEvent | null>;
  /** Every event in the log now, oldest first per partition; ends where the log ended when it was asked. For rebuild. */
  all(): AsyncIterable<LoggedEvent>;
  /** The events that a consumer group has done with; nothing for a group the log does not know. For rebuild. */
  doneBy(group: string): Promise<InstanceRange[]>;
  /** The feed of all events, malformed records included; with `only`, records that say they are of another trigger are passed over unread. */
  feed(only?: (trigger: string) => boolean): Feed<LogEntry>;
  /** Where each partition ends now. */
  ends(): Promise<LogEnds>;
  /** Whether a consumer group has done with everything before these ends. */
  isPast(group: string, ends: LogEnds): Promise<boolean>;
  /** Lets a group that never committed go on from where another one is now. Nothing happens when it has committed before, or is running. */
  beginAt(group: string, other: string): Promise<void>;
}

/** Partition → offset of the next record. */
export type LogEnds = Record<string, number>;

/** Why a record was set aside. */
export interface DeadLetter {
  code: ErrorCode;
  /** For people; no payload values. */
  reason: string;
  /** Ref of the rule whose evaluation broke, when one did. */
  ruleRef?: string;
}

/**
 * `everstorm.events.dlq`: the record as it was, with the reason in headers. What becomes of a letter later is kept by the store
 * (ports/dead-letter-rows): a record of Kafka can't be changed or taken out.
 */
export interface DeadLetters {
  /** Resolves after acknowledgement. A record beyond the bound of an event stays in the log alone, and its letter names the place. */
  setAside(entry: LoggedEvent | MalformedRecord, why: DeadLetter): Promise<void>;
  /**
   * What a letter holds, read again: an event, with the id and place it had in the log, or what is wrong with it. `omitted`: it was too
   * large to be copied, and the log does not keep it any more. Null when the letter is no longer kept. Throws UNAVAILABLE.
   */
  read(letter: Pick<SetAside, 'id' | 'place'>): Promise<LogEntry | 'omitted' | null>;
  /** Every letter in the topic now, oldest first per partition; one record may come twice. For rebuild. */
  all(): AsyncIterable<SetAside>;
  /** The feed of all letters. */
  feed(): Feed<SetAside>;
}
