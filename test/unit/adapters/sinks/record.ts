import { auditRecordId } from '../../../../src/model/ids';
import type { AuditRecord } from '../../../../src/model/audit';

/** The n-th audit record of a run, with a result that no log line may show. */
export function record(n: number, over: Partial<AuditRecord> = {}): AuditRecord {
  const executionId = '00112233445566778a000000';
  return {
    id: auditRecordId(executionId, 'run', n),
    executionId,
    workflowId: executionId,
    runId: 'run',
    sequence: n,
    status: 'succeeded',
    at: '2026-11-23T01:24:18.717Z',
    actionRef: 'demo.diagnose',
    context: {
      user: 'stanley',
      pack: 'demo',
      rule: { id: 'r', ref: 'demo.on_alert', uid: 'rule:demo:on_alert', name: 'on_alert' },
    },
    triggerRef: 'demo.alert',
    result: { stdout: 'PAYLOAD' },
    ...over,
  };
}
