import type { PlatformState } from '../../src/ports/store';

/** PlatformState for tests of one process: what a row in the database would hold. */
export function memoryPlatformState(): PlatformState {
  const epochs = new Map<string, number>();
  const renew = (topic: string, draw: () => number): number => {
    const epoch = draw();
    epochs.set(topic, epoch);
    return epoch;
  };
  const marks = new Map<string, number>();
  return {
    mark: (name) => Promise.resolve(marks.get(name) ?? null),
    raiseMark: (name, to) => Promise.resolve(void marks.set(name, Math.max(to, marks.get(name) ?? to))),
    topicEpoch: (topic, draw) => Promise.resolve(epochs.get(topic) ?? renew(topic, draw)),
    renewTopicEpoch: (topic, draw) => Promise.resolve(renew(topic, draw)),
  };
}
