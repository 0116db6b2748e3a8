import type { AuditRecord } from '../model/audit';
import type { Feed } from './feed';

/** The stream of audit records (`everstorm.audit`). `publish` resolves after acknowledgement; the same record may be published twice (same id). */
export interface AuditLog {
  publish(records: readonly AuditRecord[]): Promise<void>;
  /** Records in order per execution; malformed ones are skipped and counted by the adapter. */
  feed(): Feed<AuditRecord>;
  /** True once the group has done with every record that was in the log when this was asked; false when it has not within the time (ms). */
  caughtUp(group: string, withinMs: number): Promise<boolean>;
}

/** Where audit records go besides the read model. At least once: a record may come again after a crash, with the same id. */
export interface AuditSink {
  readonly name: string;
  /** Resolves when the records are handed over durably (file: written and flushed; syslog: sent). */
  write(records: readonly AuditRecord[]): Promise<void>;
  close(): Promise<void>;
}
