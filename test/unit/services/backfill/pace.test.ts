import { createPace } from '../../../../src/services/backfill/pace';

beforeEach(() => jest.useFakeTimers({ now: 0 }));
afterEach(() => jest.useRealTimers());

const never = new AbortController().signal;

test('turns are apart whoever asks, and unused time is not made up for', async () => {
  const pace = createPace(10, Date.now, never);
  const at: number[] = [];
  const asked = Promise.all([1, 2, 3].map(() => pace.turn().then(() => at.push(Date.now()))));
  await jest.advanceTimersByTimeAsync(1_000);
  await asked;
  const more = Promise.all([1, 2].map(() => pace.turn().then(() => at.push(Date.now()))));
  await jest.advanceTimersByTimeAsync(500);
  await more;
  expect(at).toEqual([0, 100, 200, 1_000, 1_100]);
});

test('a rest waits for the next turn unless that is long', async () => {
  const [fast, slow] = [createPace(1, Date.now, never), createPace(0.1, Date.now, never)];
  await Promise.all([fast.turn(), slow.turn()]);
  await slow.rest();
  expect(Date.now()).toBe(0);
  const resting = fast.rest().then(() => Date.now());
  await jest.advanceTimersByTimeAsync(2_000);
  expect(await resting).toBe(1_000);
});
