import type { AuditRecord } from '../../model/audit';
import { isFailed } from '../../model/statuses';

const LOCAL0 = 16;
const SEVERITY = { warning: 4, info: 6 };
/** RFC 5424 §7.2.2: a private enterprise number is needed for own names; 32473 is the one set aside for examples (RFC 5612). */
const SD_ID = 'everstorm@32473';

export interface SyslogIdentity {
  hostname: string;
  pid: number;
  /** 0-23. Default 16 (local0). */
  facility?: number;
}

/** Printable ASCII without blanks, at most `length` characters; `-` where nothing is left (RFC 5424 §6.2). */
const field = (text: string, length: number): string => text.replace(/[^\x21-\x7e]/g, '').slice(0, length) || '-';

/** RFC 5424 §6.3.3: quote, backslash and closing bracket are escaped; control characters have no place in a log line. */
const escaped = (text: string): string => text.replace(/\p{Cc}/gu, ' ').replace(/["\\\]]/g, '\\$&');

function structuredData(record: AuditRecord): string {
  const values: [name: string, value: string | undefined][] = [
    ['execution', record.executionId],
    ['action', record.actionRef],
    ['status', record.status],
    ['user', record.context.user],
    ['rule', record.context.rule?.ref],
    ['trigger', record.triggerRef],
    ['triggerInstance', record.context.trigger_instance?.id],
    ['record', record.id],
  ];
  const parameters = values.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [`${name}="${escaped(value)}"`],
  );
  return `[${SD_ID} ${parameters.join(' ')}]`;
}

/**
 * One audit record as an RFC 5424 message: APP-NAME everstorm, MSGID = status, the facts as structured data.
 * Parameters and results are never in it.
 */
export function syslogMessage(record: AuditRecord, { hostname, pid, facility = LOCAL0 }: SyslogIdentity): string {
  const severity = isFailed(record.status) ? SEVERITY.warning : SEVERITY.info;
  const head = [`<${facility * 8 + severity}>1`, record.at, field(hostname, 255), 'everstorm', String(pid)].join(' ');
  const text = `execution ${record.executionId} of ${escaped(record.actionRef)} is ${record.status}`;
  return `${head} ${field(record.status, 32)} ${structuredData(record)} ${text}`;
}
