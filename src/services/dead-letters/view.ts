import type { LetterRow } from '../../model/dead-letter';
import type { ErrorCode } from '../../model/errors';
import type { LogEntry, MalformedRecord } from '../../model/event';
import type { JsonObject, JsonValue } from '../../model/json';
import { formatTimestamp } from '../../model/timestamps';

/** A dead letter as doors show it. */
export interface DeadLetterView {
  id: string;
  code: ErrorCode;
  reason: string;
  /** What is known of the event; a malformed record may tell none of it. */
  trigger?: string;
  source?: string;
  event_id?: string;
  trace_tag?: string;
  occurrence_time?: string;
  /** Absent for a malformed record. */
  trigger_instance?: string;
  /** The rule whose evaluation broke. */
  rule?: string;
  set_aside_at: string;
  state: LetterRow['state'];
  /** What ended it, with what it led to. */
  settled?: { at: string; by: string; trigger_instance?: string; rule?: string; execution?: string };
}

/** With its content: of an event the payload, else the record with what is wrong with it now. */
export interface DeadLetterDetail extends DeadLetterView {
  payload?: JsonObject;
  record?: {
    problem: string;
    headers: Record<string, string>;
    /** Text, or base64 of what is no UTF-8; the first 64 KiB. */
    value: JsonValue;
    encoding: 'utf-8' | 'base64';
    bytes: number;
  };
  /** Why there is no content. */
  content?: 'expired' | 'omitted';
}

const SHOWN_BYTES = 64 * 1024;

export function viewOf(row: LetterRow): DeadLetterView {
  const { settlement } = row;
  const known = {
    trigger: row.trigger,
    source: row.source,
    event_id: row.eventId,
    trace_tag: row.traceTag,
    occurrence_time: row.occurredAt === null ? null : timestamp(row.occurredAt),
    trigger_instance: row.isEvent ? row.id : null,
    rule: row.ruleRef,
  };
  return {
    ...{ id: row.id, code: row.code, reason: row.reason },
    ...(Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null)) as Partial<DeadLetterView>),
    set_aside_at: timestamp(row.setAsideAt),
    state: row.state,
    ...(settlement && {
      settled: {
        ...{ at: timestamp(settlement.at), by: settlement.by },
        ...(settlement.instanceId === undefined ? {} : { trigger_instance: settlement.instanceId }),
        ...(settlement.ruleRef === undefined ? {} : { rule: settlement.ruleRef }),
        ...(settlement.executionId === undefined ? {} : { execution: settlement.executionId }),
      },
    }),
  };
}

export function detailOf(row: LetterRow, content: LogEntry | 'omitted' | null): DeadLetterDetail {
  const view = viewOf(row);
  if (content === null) return { ...view, content: 'expired' };
  if (content === 'omitted') return { ...view, content };
  if (content.kind === 'event') return { ...view, payload: content.event.payload };
  return { ...view, record: recordOf(content.record) };
}

function recordOf({ reason, detail, headers, value }: MalformedRecord): NonNullable<DeadLetterDetail['record']> {
  const shown = Buffer.from((value ?? new Uint8Array()).subarray(0, SHOWN_BYTES));
  const text = utf8(shown);
  return {
    problem: `${reason}: ${detail}`,
    headers,
    value: value === null ? null : (text ?? shown.toString('base64')),
    encoding: text === null ? 'base64' : 'utf-8',
    bytes: value?.length ?? 0,
  };
}

function utf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true }); // what is shown may end within a character
  } catch {
    return null;
  }
}

const timestamp = (iso: string): string => formatTimestamp(Date.parse(iso));
