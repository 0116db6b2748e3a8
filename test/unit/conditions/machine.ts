import type { Decision, ShardSpec, Tell } from '../../../src/model/shard';
import { ShardMachine } from '../../../src/conditions/shard-machine';

export type Spec = Pick<ShardSpec, 'condition' | 'guard'>;

/** An event of a key at a second, at this offset of partition 0. */
export const tellOf = (key: string, second: number, offset: number, more: Partial<Tell> = {}): Tell => ({
  k: key,
  a: second * 1_000,
  i: `0000000000${more.r === 1 ? '00' : '00'}${offset.toString(16).padStart(12, '0')}`,
  e: `event-${offset}`,
  ...more,
});

/** `random()` of a seed, for tests that can be run again. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export const fired = (decisions: readonly Decision[]): string[] =>
  decisions.filter(({ kind }) => kind === 'fire').map(({ key }) => key);

/**
 * Tells a machine all events in random batches; some of them again, as after a crash, and with the machine made anew from its state in between.
 */
export function toldWithCrashes(spec: Spec, tells: readonly Tell[], random: () => number): Decision[] {
  let machine = new ShardMachine(spec);
  const decisions: Decision[] = [];
  for (let from = 0; from < tells.length;) {
    const to = from + 1 + Math.floor(random() * 5);
    decisions.push(...machine.tell(tells.slice(from, to), 0));
    if (random() < 0.5) machine = new ShardMachine(spec, JSON.parse(JSON.stringify(machine.state(0))) as never);
    from = random() < 0.3 ? Math.max(0, from - 3) : to;
  }
  return decisions;
}
