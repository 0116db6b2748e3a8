import type { LoggedEvent } from '../../../src/model/event';
import type { Store } from '../../../src/ports/store';
import { event, rule } from './documents';

const ALL = { limit: -1, offset: 0 };

/** Part of the store's contract: following what changes, and how far the rule service is. */
export function changesContract(open: () => Store): void {
  describe('definitions', () => {
    it('that changed since a version are read alone, with what went', async () => {
      const { definitions } = open();
      for (const name of ['ca', 'cb', 'cc', 'cd']) await definitions.create('rule', rule(name), 'api');
      const { version } = await definitions.snapshot();
      expect(await definitions.snapshot(version)).toMatchObject({ version, since: version, rules: [], removed: [] });
      await definitions.put('rule', rule('cb', { enabled: false }), 'api');
      await definitions.put('rule', rule('ca'), 'api');
      await definitions.remove('rule', 'demo.cc');
      await definitions.replace({ kind: 'rule', oldRef: 'demo.cd' }, { ...rule('ce'), id: rule('cd').id }, 'api');
      const changes = await definitions.snapshot(version);
      expect(changes).toMatchObject({ version: version + 3, since: version, actions: [] });
      expect(changes.rules.map(({ ref, enabled }) => [ref, enabled])).toEqual([
        ['demo.cb', false],
        ['demo.ce', true],
      ]);
      expect(changes.removed).toEqual([
        { kind: 'rule', ref: 'demo.cc' },
        { kind: 'rule', ref: 'demo.cd' },
      ]);
      await definitions.create('rule', rule('cc'), 'api');
      expect((await definitions.snapshot(version + 3)).rules.map(({ ref }) => ref)).toEqual(['demo.cc']);
      const whole = await definitions.snapshot(version + 1_000);
      expect(whole.since).toBeUndefined();
      expect(whole.rules.length).toBeGreaterThan(3);
    });

    it('written at once are all read by those who follow the versions', async () => {
      const { definitions } = open();
      let { version } = await definitions.snapshot();
      const seen = new Set<string>();
      const names = Array.from({ length: 40 }, (_, n) => `many${n}`);
      const writing = Promise.all(names.map((name) => definitions.create('rule', rule(name), 'api')));
      let written = false;
      void writing.then(() => (written = true));
      for (let last = false; !last;) {
        last = written;
        const changes = await definitions.snapshot(version);
        for (const { ref } of changes.rules) seen.add(ref);
        ({ version } = changes);
      }
      expect([...seen].sort()).toEqual(names.map((name) => `demo.${name}`).sort());
    });
  });

  describe('trigger instances', () => {
    it('that were passed are processed, whether they were projected before or after; a mark never goes back', async () => {
      const { triggerInstances } = open();
      const at = (n: number, log = 'b'): LoggedEvent =>
        event(n, { instanceId: `${log.repeat(12)}${n.toString(16).padStart(12, '0')}`, trigger: 'passed.t' });
      await triggerInstances.project([at(1), at(3), at(1, 'c')]);
      await triggerInstances.setStatus([{ event: at(2), status: 'processing_failed' }]);
      await triggerInstances.passed(at(3).instanceId);
      await triggerInstances.passed(at(2).instanceId);
      await triggerInstances.project([at(2), at(3), at(4)]);
      const statuses = async (status?: string): Promise<[string, string][]> => {
        const query = { ...ALL, trigger: 'passed.t', sort: 'asc' as const, ...(status !== undefined && { status }) };
        const { rows, total } = await triggerInstances.list(query);
        expect(total).toBe(rows.length);
        return rows.map((row) => [row.eventId, row.status]);
      };
      expect(await statuses()).toEqual([
        ['e1', 'processed'],
        ['e1', 'pending'],
        ['e2', 'processing_failed'],
        ['e3', 'processed'],
        ['e4', 'pending'],
      ]);
      expect((await statuses('processed')).map(([id]) => id)).toEqual(['e1', 'e3']);
      expect((await statuses('pending')).map(([id]) => id)).toEqual(['e1', 'e4']);
      expect(await triggerInstances.get(at(1).instanceId)).toMatchObject({ status: 'processed' });
    });
  });
}
