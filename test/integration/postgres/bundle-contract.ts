import type { Store } from '../../../src/ports/store';

/** What every store must do with bundles of workflows; `open` gives stores on one and the same migrated database. */
export function bundleContract(open: () => Store): void {
  describe('bundles of workflows', () => {
    const code = `'use strict'; // ${'é\u0000'.repeat(1_000)}`;

    it('are kept as they were, once, in the order of first sight', async () => {
      const { workflowBundles: bundles } = open();
      await bundles.keep({ buildId: 'zz', code });
      await bundles.keep({ buildId: 'aa', code: 'another' });
      await Promise.all([1, 2, 3].map((n) => bundles.keep({ buildId: 'zz', code: `later ${n}` })));
      expect(await bundles.code('zz')).toBe(code);
      const [first, second] = await bundles.list();
      expect(first).toEqual({ buildId: 'zz', firstSeen: expect.any(String), promoted: false, kept: true });
      expect(second).toMatchObject({ buildId: 'aa' });
      expect(new Date(first?.firstSeen ?? '').toISOString()).toBe(first?.firstSeen);
      expect(Date.parse(first?.firstSeen ?? '')).toBeLessThanOrEqual(Date.parse(second?.firstSeen ?? ''));
      expect(await bundles.code('unknown')).toBeNull();
    });

    it('stay known with their place when they are forgotten, and can be kept again', async () => {
      const { workflowBundles: bundles } = open();
      await bundles.keep({ buildId: 'old', code: 'old' });
      await bundles.keep({ buildId: 'new', code: 'new' });
      await bundles.markPromoted('old');
      const before = await bundles.list();
      await bundles.forget('old');
      expect(await bundles.code('old')).toBeNull();
      expect(await bundles.list()).toEqual(
        before.map((build) => (build.buildId === 'old' ? { ...build, promoted: true, kept: false } : build)),
      );
      await bundles.keep({ buildId: 'old', code: 'old' });
      expect(await bundles.code('old')).toBe('old');
      expect(await bundles.list()).toEqual(before);
      expect(before.find(({ buildId }) => buildId === 'old')?.promoted).toBe(true);
    });

    it('are inserted once by processes that start together', async () => {
      const { workflowBundles: bundles } = open();
      await Promise.all([1, 2, 3, 4].map(() => bundles.keep({ buildId: 'together', code })));
      expect((await bundles.list()).filter(({ buildId }) => buildId === 'together')).toHaveLength(1);
    });
  });
}
