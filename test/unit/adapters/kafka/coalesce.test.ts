import { coalesce } from '../../../../src/adapters/kafka/coalesce';

test('callers during a run share the one after it, also when the run fails', async () => {
  const finish: ((error?: Error) => void)[] = [];
  const call = coalesce(
    () => new Promise((resolve, reject) => finish.push((error) => (error ? reject(error) : resolve()))),
  );
  const first = call();
  const [second, third] = [call(), call()];
  expect(finish.length).toBe(1);
  finish[0]!(new Error('first'));
  await expect(first).rejects.toThrow('first');
  await new Promise(setImmediate);
  expect(finish.length).toBe(2);
  finish[1]!();
  await Promise.all([second, third]);
  void call();
  expect(finish.length).toBe(3);
});
