import type { PlatformState } from '../../src/ports/store';

/** PlatformState for tests of one process: what a row in the database would hold. */
export function memoryPlatformState(): PlatformState {
  const epochs = new Map<string, number>();
  const renew = (topic: string, draw: () => number): number => {
    const epoch = draw();
    epochs.set(topic, epoch);
    return epoch;
  };
  return {
    topicEpoch: (topic, draw) => Promise.resolve(epochs.get(topic) ?? renew(topic, draw)),
    renewTopicEpoch: (topic, draw) => Promise.resolve(renew(topic, draw)),
  };
}
