import {
  auditRecordId,
  contentHash,
  executionIdForEvent,
  executionIdForSeed,
  isId,
  liveActionId,
  owningExecutionId,
  parametrisedTriggerName,
  parseTriggerInstanceId,
  resourceId,
  taskExecutionId,
  triggerInstanceId,
} from '../../../src/model/ids';

describe('ids are stored in histories, offsets and rows: their formats never change', () => {
  const execution = executionIdForEvent('rule:demo:alert', '/webhooks/alertmanager', 'event-1');

  it('derives the same execution from the same rule, source and event id', () => {
    expect(execution).toBe('c5578a87fe2627ce96000000');
    expect(executionIdForSeed('00000000-0000-4000-8000-000000000000')).toBe('b8633311f71f63232a000000');
  });

  it('tells apart what a naive concatenation would not', () => {
    expect(executionIdForEvent('a', 'b', 'cd')).not.toBe(executionIdForEvent('a', 'bc', 'd'));
  });

  it('finds a task execution’s parent by arithmetic', () => {
    const third = taskExecutionId(execution, 3);
    expect(third).toBe(`${execution.slice(0, 18)}000003`);
    expect(owningExecutionId(third)).toBe(execution);
    expect(() => taskExecutionId(execution, 0x1000000)).toThrow(RangeError);
  });

  it('is the place in the log for a trigger instance, both ways', () => {
    const position = { epoch: 0xdeadbeef, partition: 3, offset: 123_456_789_012 };
    expect(triggerInstanceId(position)).toBe('deadbeef0003001cbe991a14');
    expect(parseTriggerInstanceId('deadbeef0003001cbe991a14')).toEqual(position);
    expect(parseTriggerInstanceId('core.local')).toBeNull();
  });

  it('keeps the remaining formats', () => {
    expect(auditRecordId('w', 'r', 2)).toBe('w/r/2');
    expect(resourceId('action:core:local')).toBe('44441d8d6ac2af556c24f983');
    expect(liveActionId(execution)).toBe('62c42056981ed99bee090b4c');
    expect(parametrisedTriggerName('core.st2.webhook', '{"url":"sample"}')).toBe(
      'de8795c4-312d-f997-8e89-08858b687911',
    );
    expect(contentHash('{}')).toHaveLength(64);
    for (const id of [execution, resourceId('x'), liveActionId('y')]) expect(isId(id)).toBe(true);
  });
});
