import type { RuleEnforcement } from '../../../src/model/rule';
import type { Store } from '../../../src/ports/store';
import { event } from './documents';
import { EXECUTION_ID, auditRecord, runOf } from '../../helpers/audit-records';

const enforcement = (n: number, over: Partial<RuleEnforcement> = {}): RuleEnforcement => ({
  id: `f${n}`.padEnd(24, '0'),
  trigger_instance_id: event(n).instanceId,
  execution_id: `e${n}`.padEnd(24, '0'),
  rule: { ref: 'demo.r', id: 'r'.padEnd(24, '0'), uid: 'rule:demo:r' },
  enforced_at: '2026-01-01T00:00:00.000000Z',
  status: 'succeeded',
  rule_set_version: 3,
  ...over,
});

const ALL = { limit: -1, offset: 0 };
const executionId = (n: number): string => `${n.toString(16).padStart(18, '0')}000000`;

/** Resolves when `met` holds; rejects after `ms`. */
export async function until(met: () => boolean, ms: number): Promise<void> {
  const end = Date.now() + ms;
  while (!met()) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** What every Store must do; `open` gives stores on one and the same empty, migrated database. */
export function storeContract(open: () => Store): void {
  describe('enforcements', () => {
    it('keep the first of an id', async () => {
      const { enforcements } = open();
      await enforcements.record([enforcement(1), enforcement(2), enforcement(1, { status: 'failed' })]);
      await enforcements.record([enforcement(2, { status: 'deduplicated' })]);
      expect(await enforcements.get(enforcement(2).id)).toEqual(enforcement(2));
      expect(await enforcements.get(enforcement(1).id)).toEqual(enforcement(1));
    });

    it('tell which executions are recorded, and for which trigger instance', async () => {
      const { enforcements } = open();
      await enforcements.record([enforcement(1)]);
      const { id, trigger_instance_id: instance } = enforcement(1);
      expect([...(await enforcements.known([id, 'f'.repeat(24)]))]).toEqual([[id, instance]]);
      expect([...(await enforcements.known([]))]).toEqual([]);
    });

    it('are filtered and paged', async () => {
      const { enforcements } = open();
      const { execution_id: _none, rule_set_version: _no, ...failed } = enforcement(9, { status: 'failed' });
      const odd = { ...failed, failure_reason: 'NUL \u0000', enforced_at: '2026-01-02T00:00:00.000000Z' };
      await enforcements.record([odd]);
      const { rows, total } = await enforcements.list({ ...ALL, enforced_at_gt: '2026-01-01T12:00:00+00:00' });
      expect({ rows, total }).toEqual({ rows: [{ ...odd, failure_reason: 'NUL \uFFFD' }], total: 1 });
      expect(
        (await enforcements.list({ limit: 0, offset: 0, execution: enforcement(1).execution_id as string })).total,
      ).toBe(1);
      await expect(enforcements.list({ ...ALL, enforced_at_gt: 'x' })).rejects.toMatchObject({
        code: 'INVALID_REQUEST',
      });
    });
  });

  describe('trigger instances', () => {
    it('have the status that was set, whether it was set before or after the projection', async () => {
      const { triggerInstances } = open();
      await triggerInstances.setStatus([{ event: event(1), status: 'processed' }]);
      await triggerInstances.project([event(1), event(2), event(2)]);
      expect(await triggerInstances.get(event(1).instanceId)).toMatchObject({ status: 'processed', trigger: 'demo.t' });
      expect(await triggerInstances.get(event(2).instanceId)).toMatchObject({ status: 'pending', traceTag: null });
      const twice = ['processing', 'processing_failed'] as const;
      await triggerInstances.setStatus(twice.map((status) => ({ event: event(2), status })));
      expect(await triggerInstances.get(event(2).instanceId)).toMatchObject({ status: 'processing_failed' });
    });

    it('take what foreign producers write, and come in order of time', async () => {
      const { triggerInstances } = open();
      const odd = event(7, {
        trigger: 'odd.t',
        source: 'a\u0000b',
        eventId: '\ud800',
        occurredAt: '+012026-01-01T00:00:00.000Z',
      });
      await triggerInstances.project([event(6, { trigger: 'odd.t' }), odd, event(5, { trigger: 'odd.t' })]);
      const page = await triggerInstances.list({ ...ALL, trigger: 'odd.t', sort: 'desc' });
      expect(page.rows.map(({ id }) => id)).toEqual([odd.instanceId, event(6).instanceId, event(5).instanceId]);
      const early = { ...ALL, trigger: 'odd.t', timestamp_lt: '2026-01-01T00:00:05.500000Z', sort: 'asc' } as const;
      expect(await triggerInstances.list(early)).toMatchObject({
        total: 1,
        rows: [{ occurredAt: event(5).occurredAt }],
      });
    });
  });

  describe('executions', () => {
    it('are projected alike in one batch, in many, repeated and backwards', async () => {
      const { executions } = open();
      await executions.project(runOf('r1'));
      const expected = await executions.get(EXECUTION_ID);
      expect(expected).toMatchObject({ status: 'succeeded', result: { stdout: 'é' }, elapsed_seconds: 3 });
      for (const record of runOf('r1', 0, { executionId: executionId(1) }).reverse())
        await executions.project([record, record]);
      expect(await executions.get(executionId(1))).toMatchObject({
        log: expected?.log,
        elapsed_seconds: 3,
        status: 'succeeded',
      });
    });

    it('lose no record when several writers project the same execution at once', async () => {
      const { executions } = open();
      const ids = Array.from({ length: 5 }, (_, n) => executionId(100 + n));
      const batches = runOf('r1').map(({ sequence }) =>
        ids.map((id) => runOf('r1', 0, { executionId: id })[sequence]!),
      );
      await Promise.all(batches.map((batch) => executions.project(batch)));
      for (const id of ids) expect((await executions.get(id))?.log).toHaveLength(4);
    });

    it('keep a result that Postgres could not hold as text', async () => {
      const { executions } = open();
      const id = executionId(200);
      await executions.project([
        auditRecord({ executionId: id, status: 'succeeded', result: { b: '\u0000', a: '\ud800' } }),
      ]);
      expect((await executions.get(id))?.result).toEqual({ b: '\u0000', a: '\ud800' });
    });

    it('are filtered, sorted and paged', async () => {
      const { executions } = open();
      const context = { user: 'ann', pack: 'core', trigger_instance: { id: 'i1', name: 't' } };
      const caused = { ...context, rule: { id: '1', ref: 'demo.r', uid: 'rule:demo:r', name: 'r' } };
      for (let n = 0; n < 3; n++) {
        const over = {
          executionId: executionId(300 + n),
          context: n === 1 ? caused : context,
          triggerRef: 'demo.trig',
        };
        await executions.project(runOf('r1', n * 10, over).slice(0, 4 - n));
      }
      const found = async (query: object, sort: object[] = []) => {
        const page = await executions.list({ ...ALL, user: 'ann', ...query, sort: sort as never });
        return [...page.rows.map(({ id }) => parseInt(id.slice(0, 18), 16) - 300), page.total];
      };
      expect(await found({})).toEqual([2, 1, 0, 3]);
      expect(await found({}, [{ field: 'start_timestamp', direction: 'asc' }])).toEqual([0, 1, 2, 3]);
      expect(await found({ limit: 1, offset: 1 })).toEqual([1, 3]);
      expect(await found({ offset: 9 })).toEqual([3]);
      expect(await found({ status: 'running' })).toEqual([1, 1]);
      expect(await found({ rule: 'demo.r' })).toEqual([1, 1]);
      expect(await found({ rule: 'r', trigger: 'trig', trigger_type: 'demo.trig', trigger_instance: 'i1' })).toEqual([
        1, 1,
      ]);
      expect(await found({ parent: null, runner: 'local-shell-cmd', action: 'core.local' })).toEqual([2, 1, 0, 3]);
      expect(
        await found({ timestamp_gt: '2026-11-23T01:00:05.000000Z', timestamp_lt: '2026-11-23T01:00:15.0Z' }),
      ).toEqual([1, 1]);
    });

    it('are replaced by a rebuild, go on from there, and are cleared with the instances but not the enforcements', async () => {
      const { executions, enforcements, triggerInstances } = open();
      const id = executionId(400);
      await executions.project(runOf('r1', 0, { executionId: id }).slice(0, 3));
      const running = (await executions.get(id))!;
      await executions.replace([running, { ...running, id: executionId(401) }]);
      await executions.project(runOf('r1', 0, { executionId: id }).slice(3));
      expect(await executions.get(id)).toMatchObject({
        status: 'succeeded',
        parameters: { cmd: 'date' },
        elapsed_seconds: 3,
      });
      await enforcements.record([enforcement(50)]);
      await triggerInstances.project([event(50)]);
      await executions.clear();
      expect(await executions.list({ ...ALL, sort: [] })).toEqual({ rows: [], total: 0 });
      expect(await triggerInstances.get(event(50).instanceId)).toBeNull();
      expect(await enforcements.get(enforcement(50).id)).not.toBeNull();
    });
  });

  it('draws a topic epoch once, for all who ask at once, and anew on demand', async () => {
    const { platform } = open();
    let drawn = 4_000_000_000;
    const draw = (): number => drawn++;
    const asked = await Promise.all(Array.from({ length: 5 }, () => platform.topicEpoch('t', draw)));
    expect(new Set(asked).size).toBe(1);
    const renewed = await platform.renewTopicEpoch('t', draw);
    expect(asked).not.toContain(renewed);
    expect(await platform.topicEpoch('t', draw)).toBe(renewed);
  });

  it('migrates and pings any number of times at once', async () => {
    const store = open();
    await Promise.all([store.migrate(), store.migrate(), store.ping()]);
  });
}
