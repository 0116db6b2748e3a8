import { applyRecords, executionDocument, projectionOf } from '../../../src/model/execution-projection';
import type { ExecutionProjection } from '../../../src/model/execution-projection';
import type { AuditRecord } from '../../../src/model/audit';
import { auditRecord, runOf } from '../../helpers/audit-records';

const documentOf = (projection: ExecutionProjection | null) =>
  executionDocument((projection as ExecutionProjection).parts, 'https://localhost');

function* permutations<T>(items: T[]): Generator<T[]> {
  if (items.length <= 1) yield items;
  else
    for (let i = 0; i < items.length; i++)
      for (const rest of permutations([...items.slice(0, i), ...items.slice(i + 1)])) yield [items[i] as T, ...rest];
}

describe('an execution projected from audit records', () => {
  it('has the attributes of a completed StackStorm execution, in its order', () => {
    expect(Object.keys(documentOf(applyRecords(null, runOf('r1'))))).toEqual([
      'action', 'runner', 'liveaction', 'status', 'start_timestamp', 'end_timestamp', 'parameters', 'result_size',
      'context', 'log', 'web_url', 'id', 'result', 'elapsed_seconds',
    ]); // prettier-ignore
  });

  it('has no result, end or elapsed time while it runs', () => {
    expect(Object.keys(documentOf(applyRecords(null, runOf('r1').slice(0, 3))))).toEqual([
      'action', 'runner', 'liveaction', 'status', 'start_timestamp', 'parameters', 'context', 'log', 'web_url', 'id',
    ]); // prettier-ignore
  });

  it('tells seconds, bytes and places', () => {
    const document = documentOf(applyRecords(null, runOf('r1')));
    expect(document).toMatchObject({
      status: 'succeeded',
      start_timestamp: '2026-11-23T01:00:00.000000Z',
      end_timestamp: '2026-11-23T01:00:03.000000Z',
      elapsed_seconds: 3,
      result: { stdout: 'é' },
      result_size: 15,
      web_url: `https://localhost/#/history/${document.id}/general`,
      liveaction: { action: 'core.local', runner_info: { hostname: 'h', pid: 7 }, callback: {} },
    });
    expect(document.log.map(({ status }) => status)).toEqual(['requested', 'scheduled', 'running', 'succeeded']);
  });

  it('is the same whatever the order of the records, each any number of times', () => {
    const inOrder = documentOf(applyRecords(null, runOf('r1')));
    for (const records of permutations(runOf('r1'))) {
      expect(documentOf(applyRecords(null, [...records, ...records]))).toEqual(inOrder);
    }
  });

  it('shows the newest run when two runs come interleaved, and the log of both', () => {
    const records = [...runOf('z-first'), ...runOf('a-second', 60).slice(0, 3)];
    const inOrder = documentOf(applyRecords(null, records));
    expect(inOrder).toMatchObject({ status: 'running' });
    expect(inOrder.result).toBeUndefined();
    expect(inOrder.log).toHaveLength(7);
    const mixed = [4, 0, 5, 3, 1, 6, 2].map((i) => records[i] as AuditRecord);
    expect(documentOf(applyRecords(null, mixed))).toEqual(inOrder);
  });

  it('shows the run after a reset, which has the time of the first request', () => {
    const first = runOf('z-first');
    const reset = runOf('a-second', 60).slice(0, 3);
    const records = [...first, { ...(reset[0] as AuditRecord), at: first[0]?.at ?? '' }, ...reset.slice(1)];
    expect(documentOf(applyRecords(null, records))).toMatchObject({ status: 'running' });
  });

  it('returns the projection itself when the records tell nothing new', () => {
    const once = applyRecords(null, runOf('r1'));
    expect(applyRecords(once, runOf('r1'))).toBe(once);
  });

  it('names rule, trigger and instance of an execution that a rule started', () => {
    const rule = { id: 'b'.repeat(24), ref: 'demo.r', uid: 'rule:demo:r', name: 'r' };
    const context = { user: 'stanley', pack: 'core', rule, trigger_instance: { id: 'c'.repeat(24), name: 'demo.t' } };
    const document = documentOf(applyRecords(null, [auditRecord({ context, triggerRef: 'demo.t' })]));
    expect(document).toMatchObject({
      rule,
      trigger: { ref: 'demo.t' },
      trigger_instance: { id: 'c'.repeat(24), trigger: 'demo.t' },
    });
  });

  it('shows the action by its ref while the record with the definition is missing', () => {
    const document = documentOf(applyRecords(null, runOf('r1').slice(1)));
    expect(document.action).toMatchObject({ ref: 'core.local', pack: 'core', name: 'local' });
    expect(document.parameters).toBeUndefined();
  });

  it('goes on from a rebuilt document, its log lines not doubled when the records come again', () => {
    const rebuilt = projectionOf(documentOf(applyRecords(null, runOf('r1').slice(0, 3))));
    expect(documentOf(applyRecords(rebuilt, runOf('r1').slice(3)))).toEqual(
      documentOf(applyRecords(null, runOf('r1'))),
    );
    expect(documentOf(applyRecords(rebuilt, runOf('r1')))).toEqual(documentOf(applyRecords(null, runOf('r1'))));
  });

  it('counts result_size as StackStorm recorded it (golden 097)', () => {
    const result = { message: 'Action canceled by user.', user: 'stanley' };
    expect(documentOf(applyRecords(null, [auditRecord({ status: 'canceled', result })])).result_size).toBe(55);
  });
});
