import type { Store } from '../../../src/ports/store';
import { resourceId } from '../../../src/model/ids';
import { LOCAL_ACTION } from '../../helpers/audit-records';
import { changesContract } from './changes-contract';
import { rule } from './documents';
import { until } from './store-contract';

const ALL = { limit: -1, offset: 0 };

/** What every Store must do with definitions; `open` gives stores on one and the same migrated database. */
export function definitionContract(open: () => Store): void {
  changesContract(open);

  describe('definitions', () => {
    it('keep a document as it was, the order of its keys included, and find it by ref and id', async () => {
      const { definitions } = open();
      await definitions.create('rule', rule('keep'), 'api');
      expect(JSON.stringify(await definitions.get('rule', 'demo.keep'))).toBe(JSON.stringify(rule('keep')));
      expect(await definitions.get('rule', rule('keep').id)).toEqual(rule('keep'));
      expect(await definitions.get('action', 'demo.keep')).toBeNull();
    });

    it('refuse a second one of the same uid, naming the first', async () => {
      const { definitions } = open();
      await definitions.create('rule', rule('twice'), 'api');
      const error = await definitions.create('rule', rule('twice', { enabled: false }), 'api').catch((e: unknown) => e);
      expect(error).toMatchObject({ code: 'CONFLICT', details: { conflictId: rule('twice').id } });
      expect(await definitions.get('rule', 'demo.twice')).toMatchObject({ enabled: true });
    });

    it('raise the version with every change and with nothing else', async () => {
      const { definitions } = open();
      const version = async (): Promise<number> => (await definitions.snapshot()).version;
      const before = await version();
      expect(await definitions.put('rule', rule('v'), 'api')).toBe(true);
      const { action, ...rest } = rule('v');
      expect(await definitions.put('rule', { action, ...rest }, 'api')).toBe(false);
      expect(await version()).toBe(before + 1);
      expect(await definitions.put('rule', rule('v', { enabled: false }), 'api')).toBe(true);
      expect(await definitions.remove('rule', 'demo.v')).toBe(true);
      expect(await definitions.remove('rule', 'demo.v')).toBe(false);
      expect(await version()).toBe(before + 3);
    });

    it('take the place of one of another ref at once: no reader sees both or neither', async () => {
      const { definitions } = open();
      await definitions.create('rule', rule('old'), 'api');
      const { version } = await definitions.snapshot();
      const seen: number[] = [];
      let done = false;
      const watching = (async () => {
        while (!done) {
          const { rules } = await definitions.snapshot();
          seen.push(rules.filter(({ ref }) => ref === 'demo.old' || ref === 'demo.new').length);
        }
      })();
      const renamed = { ...rule('new'), id: rule('old').id };
      expect(await definitions.replace({ kind: 'rule', oldRef: 'demo.old' }, renamed, 'api')).toBe(true);
      done = true;
      await watching;
      expect(seen).not.toContain(0);
      expect(seen).not.toContain(2);
      expect(await definitions.get('rule', 'demo.old')).toBeNull();
      expect(await definitions.get('rule', rule('old').id)).toEqual(renamed);
      expect((await definitions.snapshot()).version).toBe(version + 1);
    });

    it('take no place that another one has, and none that is not there', async () => {
      const { definitions } = open();
      await definitions.create('rule', rule('mover'), 'api');
      await definitions.create('rule', rule('taken'), 'api');
      const renamed = { ...rule('taken', { description: 'mover' }), id: rule('mover').id };
      const error = await definitions
        .replace({ kind: 'rule', oldRef: 'demo.mover' }, renamed, 'api')
        .catch((e: unknown) => e);
      expect(error).toMatchObject({ code: 'CONFLICT', details: { conflictId: rule('taken').id } });
      expect(await definitions.get('rule', 'demo.mover')).toEqual(rule('mover'));
      expect(await definitions.get('rule', 'demo.taken')).toEqual(rule('taken'));
      expect(await definitions.replace({ kind: 'rule', oldRef: 'demo.none' }, rule('none'), 'api')).toBe(false);
      expect(await definitions.get('rule', 'demo.none')).toBeNull();
    });

    it('can be read as they were at any earlier version', async () => {
      const { definitions } = open();
      const kept: { version: number; rules: unknown[] }[] = [];
      const keep = async (): Promise<void> => {
        const { version, rules } = await definitions.snapshot();
        kept.push({ version, rules });
      };
      await keep();
      await definitions.create('rule', rule('ha'), 'api');
      await keep();
      await definitions.create('rule', rule('hb'), 'api');
      await definitions.put('rule', rule('ha', { enabled: false }), 'api');
      await keep();
      await definitions.remove('rule', 'demo.hb');
      await keep();
      await definitions.replace({ kind: 'rule', oldRef: 'demo.ha' }, { ...rule('hc'), id: rule('ha').id }, 'api');
      await definitions.create('rule', rule('hb', { enabled: false }), 'api');
      await keep();
      for (const { version, rules } of kept) {
        const then = await definitions.snapshotAt(version);
        expect({ version: then?.version, rules: then?.rules }).toEqual({ version, rules });
      }
      expect(await definitions.snapshotAt((kept.at(-1)?.version ?? 0) + 1)).toBeNull();
    });

    it('of runners that were switched are in the snapshot', async () => {
      const { definitions } = open();
      const setting = { id: resourceId('runner_type:noop'), uid: 'runner_type:noop', ref: 'noop', enabled: false };
      await definitions.put('runner_setting', setting, 'api');
      expect((await definitions.snapshot()).runnerSettings).toEqual([setting]);
    });

    it('are listed by ref, filtered by pack and by fields of the document', async () => {
      const { definitions } = open();
      for (const name of ['lb', 'la', 'lc']) {
        const trigger = { type: 'x', ref: name === 'lc' ? 'p.other' : 'p.one', parameters: {} };
        await definitions.create(
          'rule',
          rule(name, { pack: 'listed', ref: `listed.${name}`, enabled: name !== 'la', trigger }),
          'pack',
        );
      }
      const names = async (where: Record<string, string | boolean>, page = ALL) => {
        const { rows, total } = await definitions.list('rule', { ...page, pack: 'listed', where });
        return [...rows.map(({ name }) => name), total];
      };
      expect(await names({})).toEqual(['la', 'lb', 'lc', 3]);
      expect(await names({}, { limit: 1, offset: 1 })).toEqual(['lb', 3]);
      expect(await names({ 'trigger.ref': 'p.one' })).toEqual(['la', 'lb', 2]);
      expect(await names({ 'trigger.ref': 'p.one', enabled: true })).toEqual(['lb', 1]);
      expect(await names({ "x'; drop table definitions; --": 'y' })).toEqual([0]);
      expect(await definitions.refs('rule', 'listed', 'pack')).toEqual(['listed.la', 'listed.lb', 'listed.lc']);
      expect(await definitions.refs('rule', 'listed', 'api')).toEqual([]);
    });

    it('reach a subscriber within a second, a burst as few calls, and no more after it unsubscribed', async () => {
      const { definitions } = open();
      let calls = 0;
      const unsubscribe = await definitions.subscribe(() => calls++);
      await definitions.put('action', LOCAL_ACTION, 'pack');
      await until(() => calls > 0, 1_000);
      const before = calls;
      await Promise.all(Array.from({ length: 20 }, (_, n) => definitions.put('rule', rule(`burst${n}`), 'api')));
      await until(() => calls > before, 1_000);
      expect(calls - before).toBeLessThan(20);
      await unsubscribe();
      let others = 0;
      const stop = await definitions.subscribe(() => others++);
      const last = calls;
      await definitions.put('rule', rule('after'), 'api');
      await until(() => others > 0, 1_000);
      expect(calls).toBe(last);
      await stop();
    });
  });

  describe('marks of rule sets', () => {
    it('never go back', async () => {
      const { ruleSets } = open();
      expect(await ruleSets.get('g log')).toBeNull();
      await ruleSets.raise('g log', { through: '0a', version: 3 });
      await ruleSets.raise('g log', { through: '09', version: 4 });
      await ruleSets.raise('h log', { through: '01', version: 5 });
      expect(await ruleSets.get('g log')).toEqual({ through: '0a', version: 3 });
      await ruleSets.raise('g log', { through: '0b', version: 4 });
      expect(await ruleSets.get('g log')).toEqual({ through: '0b', version: 4 });
    });
  });
}
