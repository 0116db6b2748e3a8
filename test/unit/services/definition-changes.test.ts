import type { DefinitionSnapshot } from '../../../src/ports/store';
import { createDefinitionCache } from '../../../src/services/definition-cache';

const rule = (ref: string, value: string, enabled = true): object => ({
  ref,
  enabled,
  type: { ref: 'standard', parameters: {} },
  trigger: { type: 't.a', ref: 't.a', parameters: {} },
  criteria: { 'trigger.k': { type: 'eq', pattern: value } },
});
const snapshot = (version: number, over: object): DefinitionSnapshot =>
  ({
    version,
    rules: [],
    actions: [],
    triggerTypes: [],
    triggers: [],
    packs: [],
    runnerSettings: [],
    ...over,
  }) as never;

test('the cache asks for what changed since it last read, and keeps the rest; a batch that holds a version sees that one', async () => {
  const answers = [
    snapshot(3, {
      rules: [rule('p.a', '1'), rule('p.b', '1'), rule('p.c', '1', false)],
      actions: [{ ref: 'p.act' }, { ref: 'p.gone' }],
      runnerSettings: [{ ref: 'off', enabled: false }],
    }),
    snapshot(6, {
      since: 3,
      rules: [rule('p.a', '2'), rule('p.c', '1')],
      actions: [{ ref: 'p.new' }],
      runnerSettings: [{ ref: 'other', enabled: false }],
      removed: [
        { kind: 'rule', ref: 'p.b' },
        { kind: 'action', ref: 'p.gone' },
        { kind: 'runner_setting', ref: 'off' },
      ],
    }),
    snapshot(6, { since: 6, removed: [] }),
    snapshot(2, { rules: [rule('p.z', '1')] }),
  ];
  const asked: (number | undefined)[] = [];
  const cache = createDefinitionCache({
    definitions: {
      snapshot: (since) => {
        asked.push(since);
        return Promise.resolve(answers.shift() as DefinitionSnapshot);
      },
      snapshotAt: () => Promise.resolve(null),
      subscribe: () => Promise.resolve(() => Promise.resolve()),
    },
  });
  await cache.start();
  const before = cache.current();
  const after = await cache.refresh();
  const found = (held: typeof before, k: string): string[] =>
    held.rules.candidates({ trigger: 't.a', payload: { k } }).map((candidate) => candidate.rule.ref);
  expect([found(before, '1'), found(before, '2')]).toEqual([['p.a', 'p.b'], []]);
  expect([found(after, '1'), found(after, '2')]).toEqual([['p.c'], ['p.a']]);
  expect([before.rules.hears('t.a'), before.rules.hears('t.b')]).toEqual([true, false]);
  expect([[...before.actions.keys()], [...after.actions.keys()]]).toEqual([
    ['p.act', 'p.gone'],
    ['p.act', 'p.new'],
  ]);
  expect([[...before.disabledRunners], [...after.disabledRunners]]).toEqual([['off'], ['other']]);
  expect(await cache.refresh()).toBe(after);
  expect(await cache.refresh()).toBe(after);
  expect(asked).toEqual([undefined, 3, 6, 6]);
});
