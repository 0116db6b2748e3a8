/**
 * Runs work for each item, at most `limit` at once; resolves when all are done. After the first error nothing new is started, what runs is
 * awaited, and that error is thrown.
 */
export async function forEachLimited<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let position = 0;
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    while (position < items.length && failures.length === 0) {
      const item = items[position] as T;
      position += 1;
      try {
        await work(item);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  if (failures.length > 0) throw failures[0];
}
