import { decodeAudit, encodeAudit } from '../../../../src/adapters/kafka/audit-log';
import type { AuditRecord } from '../../../../src/model/audit';
import { ExecutionStatus } from '../../../../src/model/statuses';

const auditRecord: AuditRecord = {
  id: 'w/r/0',
  executionId: 'e'.repeat(24),
  workflowId: 'w',
  runId: 'r',
  sequence: 0,
  status: ExecutionStatus.running,
  at: '2026-01-01T00:00:00.000000Z',
  actionRef: 'core.local',
  context: { user: 'u', pack: 'core' },
};
const raw = (record: AuditRecord) => {
  const { key, value, headers } = encodeAudit(record);
  return { key: Buffer.from(key), value, headers, timestamp: '0' };
};

test('a record survives the way as a CloudEvent', () => {
  const record = raw(auditRecord);
  expect(decodeAudit(record)).toEqual(auditRecord);
  expect(record.headers).toMatchObject({
    ce_id: 'w/r/0',
    ce_subject: 'e'.repeat(24),
    ce_source: '/everstorm/workflow/w',
  });
});

test('what is none of ours is no record', () => {
  const record = raw(auditRecord);
  expect(decodeAudit({ ...record, headers: { ...record.headers, ce_type: 'other' } })).toBeNull();
  expect(decodeAudit({ ...record, value: Buffer.from('{}') })).toBeNull();
  expect(decodeAudit(raw({ ...auditRecord, sequence: 0.5 }))).toBeNull();
  expect(decodeAudit(raw({ ...auditRecord, status: 'toString' as ExecutionStatus }))).toBeNull();
});
