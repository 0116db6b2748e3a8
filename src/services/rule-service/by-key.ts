import type { LoggedEvent } from '../../model/event';

/** Items of events by the key that keeps those in order (guarantee 5), each list in the order given. */
export function byKey<T>(items: readonly T[], eventOf: (item: T) => LoggedEvent): T[][] {
  const keys = new Map<string, T[]>();
  for (const item of items) {
    const { partitionKey, source } = eventOf(item);
    const key = partitionKey ?? source;
    const sharing = keys.get(key);
    if (sharing) sharing.push(item);
    else keys.set(key, [item]);
  }
  return [...keys.values()];
}
