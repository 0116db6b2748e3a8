import type { AuditRecord } from '../../../src/model/audit';
import { ExecutionStatus } from '../../../src/model/statuses';
import { eventually, headersOf, newWorld } from './harness';

test('audit records come in order per execution; foreign records are passed over and counted', async () => {
  const world = await newWorld(4);
  const record = (execution: number, sequence: number): AuditRecord => ({
    id: `w${execution}/r/${sequence}`,
    executionId: `e${execution}`,
    workflowId: `w${execution}`,
    runId: 'r',
    sequence,
    status: ExecutionStatus.running,
    at: '2026-01-01T00:00:00.000000Z',
    actionRef: 'core.local',
    context: { user: 'u', pack: 'core' },
  });
  await world.producer.send({ topic: world.kafka.topics.audit, messages: [{ value: '{}', headers: headersOf('x') }] });
  const records = [0, 1, 2].flatMap((sequence) => [1, 2, 3, 4, 5].map((execution) => record(execution, sequence)));
  await world.kafka.auditLog.publish(records);
  const got: AuditRecord[] = [];
  const feed = await world.kafka.auditLog.feed().start({
    group: world.group,
    from: 'earliest',
    handler: (batch) => {
      got.push(...batch.entries);
      batch.done(batch.entries.length - 1);
      return Promise.resolve();
    },
  });
  await eventually('all records', () => got.length >= records.length && world.kafka.auditLog.skipped() === 1);
  await feed.stop();
  expect(got).toHaveLength(records.length);
  for (const execution of [1, 2, 3, 4, 5]) {
    expect(got.filter(({ executionId }) => executionId === `e${execution}`)).toEqual(
      [0, 1, 2].map((sequence) => record(execution, sequence)),
    );
  }
  await world.close();
});
