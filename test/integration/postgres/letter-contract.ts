import type { SetAside, Settlement } from '../../../src/model/dead-letter';
import type { Store } from '../../../src/ports/store';

const letter = (n: number, over: Partial<SetAside> = {}): SetAside => ({
  id: n.toString(16).padStart(24, '0'),
  code: 'UNKNOWN_TRIGGER',
  reason: `reason ${n}`,
  isEvent: true,
  trigger: 'letters.t',
  source: '/test',
  eventId: `e${n}`,
  traceTag: null,
  occurredAt: '2026-01-01T00:00:00.000Z',
  ruleRef: null,
  setAsideAt: new Date(Date.UTC(2026, 0, 2, 0, 0, n)).toISOString(),
  place: { partition: 3, offset: 2 ** 33 + n },
  ...over,
});
const redriven = (instanceId: string): Settlement => ({
  ...{ state: 'redriven', by: 'ann', at: '2026-01-03T00:00:00.000Z', instanceId },
});
const ALL = { limit: -1, offset: 0 };
const UNTIL = '2026-02-01T00:00:00.000Z';

/** What every store must do with dead letters; `open` gives stores on one and the same migrated database. */
export function letterContract(open: () => Store): void {
  describe('dead letters', () => {
    afterEach(() => open().deadLetters.clearOpen());

    it('are kept as first told, whatever a malformed record holds, and listed newest first by code, trigger and rule', async () => {
      const { deadLetters } = open();
      const odd = letter(3, { isEvent: false, source: 'a\u0000b', eventId: null, trigger: null, occurredAt: null });
      await deadLetters.project([
        letter(1),
        letter(2, { code: 'INTERNAL', ruleRef: 'p.r' }),
        letter(1, { reason: 'again' }),
      ]);
      await deadLetters.project([letter(1, { reason: 'later' }), odd]);
      const ids = async (query: object): Promise<(string | number)[]> => {
        const { rows, total } = await deadLetters.list({ ...ALL, ...query });
        return [...rows.map(({ id }) => id), total];
      };
      expect(await ids({})).toEqual([odd.id, letter(2).id, letter(1).id, 3]);
      expect(await ids({ limit: 1, offset: 1 })).toEqual([letter(2).id, 3]);
      expect(await ids({ code: 'INTERNAL' })).toEqual([letter(2).id, 1]);
      expect(await ids({ rule: 'p.r', trigger: 'letters.t' })).toEqual([letter(2).id, 1]);
      expect(await ids({ states: ['purged'] })).toEqual([0]);
      expect(await deadLetters.get(letter(1).id)).toEqual({ ...letter(1), state: 'open', settlement: null });
      expect(await deadLetters.get(odd.id)).toMatchObject({ source: 'a\uFFFDb', eventId: null, isEvent: false });
      expect(await deadLetters.get('0'.repeat(24))).toBeNull();
    });

    it('are settled once, by one of many at once, whether or not their rows are there yet', async () => {
      const { deadLetters } = open();
      await deadLetters.project([letter(11)]);
      const settle = (n: number, of: string): Promise<string[]> =>
        deadLetters.settle([{ letter: letter(n), settlement: redriven(of) }]);
      const ended = await Promise.all(['a', 'b', 'c'].map((of) => settle(11, of)));
      expect(ended.flat()).toEqual([letter(11).id]);
      const first = (await deadLetters.get(letter(11).id))?.settlement;
      expect(first).toEqual(redriven(first?.instanceId ?? ''));
      expect(await settle(12, 'early')).toEqual([letter(12).id]);
      await deadLetters.project([letter(12)]);
      expect(await deadLetters.get(letter(12).id)).toMatchObject({ state: 'redriven', settlement: redriven('early') });
    });

    it('that wait are gone through by id, without those that came later', async () => {
      const { deadLetters } = open();
      await deadLetters.project([22, 21, 23, 24].map((n) => letter(n)));
      await deadLetters.settle([{ letter: letter(22), settlement: redriven('x') }]);
      await deadLetters.project([letter(25, { setAsideAt: '2026-03-01T00:00:00.000Z' })]);
      const step = async (after?: string): Promise<string[]> => {
        const rows = await deadLetters.open({ until: UNTIL, limit: 2, ...(after === undefined ? {} : { after }) });
        return rows.map(({ id }) => id);
      };
      expect(await step()).toEqual([letter(21).id, letter(23).id]);
      expect(await step(letter(23).id)).toEqual([letter(24).id]);
      expect(await deadLetters.open({ until: UNTIL, limit: 9, code: 'INTERNAL' })).toEqual([]);
    });

    it('are forgotten for a rebuild while they wait; what became of the others stays', async () => {
      const { deadLetters } = open();
      await deadLetters.project([letter(31), letter(32)]);
      await deadLetters.settle([{ letter: letter(32), settlement: redriven('x') }]);
      await deadLetters.clearOpen();
      await deadLetters.project([letter(31), letter(32)]);
      expect(await deadLetters.get(letter(31).id)).toMatchObject({ state: 'open' });
      expect(await deadLetters.get(letter(32).id)).toMatchObject({ state: 'redriven', settlement: redriven('x') });
    });
  });
}
