import { backOffMs } from '../../../../src/adapters/kafka/back-off';
import { pauseFor } from '../../../../src/model/pause';

test('grows from half a second to ten seconds, jittered by half', () => {
  expect([1, 2, 3, 7, 50].map((n) => backOffMs(n, () => 1))).toEqual([500, 1000, 2000, 10_000, 10_000]);
  expect([1, 7].map((n) => backOffMs(n, () => 0))).toEqual([250, 5_000]);
});

test('a pause ends with its signal', async () => {
  const abort = new AbortController();
  const pause = pauseFor(3_600_000, abort.signal);
  abort.abort();
  await pause;
  await pauseFor(3_600_000, abort.signal);
});
