import { EverstormError } from '../../../../src/model/errors';
import type { LogEntry } from '../../../../src/model/event';
import { executionIdForEvent } from '../../../../src/model/ids';
import type { RuleEnforcement } from '../../../../src/model/rule';
import type { RunnerSetting, RunnerType } from '../../../../src/model/runner-type';
import type { DefinitionSnapshot, RuleSetMark } from '../../../../src/ports/store';
import { createDefinitionCache } from '../../../../src/services/definition-cache';
import { handleBatch } from '../../../../src/services/rule-service/handle-batch';
import { RuleSets } from '../../../../src/services/rule-service/rule-sets';
import type { RuleServiceOptions } from '../../../../src/services/rule-service/options';

const rule = (name: string, parameters: object, actionRef = 'core.echo'): object => ({
  ...{
    id: name,
    uid: `rule:p:${name}`,
    ref: `p.${name}`,
    name,
    enabled: true,
    type: { ref: 'standard', parameters: {} },
  },
  ...{
    trigger: { type: 't.a', ref: 't.a', parameters: {} },
    criteria: { 'trigger.go': { type: 'eq', pattern: name } },
  },
  action: { ref: actionRef, parameters },
});
const snapshot = {
  version: 7,
  rules: [rule('good', { message: '{{ trigger.text }}' }), rule('lost', {}, 'core.gone')],
  actions: [
    { ref: 'core.echo', pack: 'core', enabled: true, runner_type: 'r', parameters: { message: { type: 'string' } } },
  ],
  triggerTypes: [{ ref: 't.a', payload_schema: { type: 'object' } }],
  triggers: [],
  packs: [],
  runnerSettings: [],
} as unknown as DefinitionSnapshot;

const entry = (offset: number, payload: { [key: string]: string }, trigger = 't.a'): LogEntry => ({
  kind: 'event',
  event: {
    trigger,
    source: 's',
    eventId: `e${payload['id'] ?? offset}`,
    occurredAt: '',
    payload,
    instanceId: `i${offset}`,
    partition: 0,
    offset,
  },
});

const setting = (ref: string): RunnerSetting => ({ id: ref, uid: ref, ref, enabled: false });

interface Overrides {
  start?: RuleServiceOptions['executions']['start'];
  disabledRunner?: string;
  /** How far a process before this one had judged. */
  mark?: RuleSetMark;
  setAside?: RuleServiceOptions['deadLetters']['setAside'];
  /** The record was not written: the process died between start and record. */
  unrecorded?: boolean;
}

async function platform(over: Overrides = {}) {
  const seen = {
    dead: [] as string[],
    enforcements: [] as RuleEnforcement[],
    statuses: [] as string[],
    passed: [] as string[],
    marks: [] as string[],
    done: -1,
  };
  const marks: number[] = [];
  const started = new Map<string, string>();
  const reads = { snapshot: 0 };
  const definitions = createDefinitionCache({
    definitions: {
      snapshot: () => {
        reads.snapshot += 1;
        return Promise.resolve({
          ...snapshot,
          runnerSettings: over.disabledRunner ? [setting(over.disabledRunner)] : [],
        });
      },
      snapshotAt: (version) =>
        Promise.resolve({ ...snapshot, version, rules: [rule('earlier', {})] } as DefinitionSnapshot),
      subscribe: () => Promise.resolve(() => Promise.resolve()),
    },
  });
  await definitions.start();
  let mark: RuleSetMark | null = over.mark ?? null;
  const memoryMarks: RuleServiceOptions['store']['ruleSets'] = {
    get: () => Promise.resolve(mark),
    raise: (_name, next) => {
      mark = next;
      seen.marks.push(`${next.through} by ${next.version}`);
      return Promise.resolve();
    },
  };
  const options: RuleServiceOptions = {
    feed: { start: () => Promise.reject(new Error('not used')) },
    deadLetters: { setAside: over.setAside ?? ((_, { code }) => Promise.resolve(void seen.dead.push(code))) },
    executions: {
      start:
        over.start ??
        (({ executionId, context }) => {
          const first = started.get(executionId);
          if (first !== undefined) return Promise.resolve({ kind: 'already-started', triggerInstanceId: first });
          started.set(executionId, context.trigger_instance?.id ?? '');
          return Promise.resolve({ kind: 'started', runId: 'r' });
        }),
    },
    store: {
      enforcements: {
        record: (rows) => Promise.resolve(void seen.enforcements.push(...rows)),
        known: (ids) => {
          const recorded = over.unrecorded ? [] : seen.enforcements.filter(({ id }) => ids.includes(id));
          return Promise.resolve(new Map(recorded.map((row) => [row.id, row.trigger_instance_id])));
        },
      },
      ruleSets: memoryMarks,
      triggerInstances: {
        setStatus: (rows) => Promise.resolve(void seen.statuses.push(...rows.map(({ status }) => status))),
        passed: (throughId) => Promise.resolve(void seen.passed.push(throughId)),
      },
    },
    definitions,
    validatePayload: (_, payload) => ((payload as { bad?: string }).bad === undefined ? null : 'bad'),
    runnerType: () => ({ name: 'r', runner_parameters: {} }) as unknown as RunnerType,
    log: { info: () => undefined, warn: () => undefined },
    now: () => 0,
  };
  const log = { warn: () => undefined };
  const ruleSets = new RuleSets({ group: 'g', marks: memoryMarks, definitions, log });
  const run = (entries: LogEntry[]): Promise<void> =>
    handleBatch(
      { partition: 0, entries, done: (index) => marks.push((seen.done = index)), signal: new AbortController().signal },
      { ...options, ruleSets },
    );
  return { seen, run, marks, started, reads };
}

test('poison is set aside alone and its neighbours are served', async () => {
  const { seen, run } = await platform();
  await run([
    entry(0, {}, 'x.unknown'),
    entry(1, { bad: '1' }),
    entry(2, { go: 'good', text: 'hi' }),
    entry(3, { go: 'lost' }),
    entry(4, { go: 'good' }),
  ]);
  expect(seen.dead).toEqual(['UNKNOWN_TRIGGER', 'INVALID_PAYLOAD']);
  expect(seen.enforcements.map(({ status, failure_reason }) => [status, failure_reason])).toEqual([
    ['succeeded', undefined],
    ['failed', 'Action "core.gone" cannot be found.'],
    ['failed', `Failed to render parameter "message": 'dict object' has no attribute 'text'`],
  ]);
  expect(seen.enforcements[0]?.id).toBe(executionIdForEvent('rule:p:good', 's', 'e2'));
  expect(seen.statuses).toEqual(['processing_failed', 'processing_failed']);
  expect(seen.passed).toEqual(['i4']);
  expect(seen.done).toBe(4);
});

test('an event that is redelivered before it was recorded gives the same enforcement, a reused event id a deduplicated one', async () => {
  const { seen, run } = await platform({ unrecorded: true });
  const first = entry(1, { go: 'good', text: 'x', id: 'same' });
  await run([first]);
  await run([first, entry(2, { go: 'good', text: 'x', id: 'same' })]);
  expect(seen.enforcements.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'deduplicated']);
  expect(seen.enforcements[1]?.id).toBe(seen.enforcements[0]?.id);
  expect(seen.enforcements[2]?.id).not.toBe(seen.enforcements[0]?.id);
});

test('what is recorded is never started again, whether or not Temporal remembers it', async () => {
  let starts = 0;
  const start = (): Promise<{ kind: 'started'; runId: string }> => {
    starts += 1;
    return Promise.resolve({ kind: 'started', runId: 'r' });
  };
  const { seen, run } = await platform({ start });
  const first = entry(1, { go: 'good', text: 'x', id: 'same' });
  await run([first]);
  await run([first, entry(2, { go: 'good', text: 'x', id: 'same' })]);
  expect(starts).toBe(1);
  expect(seen.enforcements.map(({ status }) => status)).toEqual(['succeeded', 'deduplicated']);
  expect(seen.passed).toEqual(['i1', 'i2']);
});

test('an outage is thrown to the feed and nothing is marked done or recorded', async () => {
  const { seen, run } = await platform({ start: () => Promise.reject(new EverstormError('UNAVAILABLE', 'away')) });
  await expect(run([entry(0, { go: 'good', text: 'x' })])).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  const marks = ['i0 by 7'];
  expect(seen).toEqual({ dead: [], enforcements: [], statuses: [], passed: [], marks, done: -1 });
});

test('a batch of many matches is done in portions, one that matches nothing in one', async () => {
  const { seen, run, marks } = await platform();
  const many = (count: number, go: string): LogEntry[] =>
    Array.from({ length: count }, (_, n) => entry(n, { go, text: 'x' }));
  await run(many(600, 'nothing'));
  expect([seen.passed, marks]).toEqual([['i599'], [599]]);
  await run(many(600, 'good'));
  expect(seen.enforcements).toHaveLength(600);
  expect(seen.passed).toEqual(['i599', 'i249', 'i499', 'i599']);
  expect(marks).toEqual([599, 249, 499, 599]);
});

test('a rule does not start a runner that was switched off, and says so', async () => {
  const { seen, run } = await platform({ disabledRunner: 'r' });
  await run([entry(0, { go: 'good', text: 'x' })]);
  expect(seen.enforcements).toMatchObject([{ status: 'failed', failure_reason: 'Runner type "r" is disabled.' }]);
});

test('what was judged before is judged by the same rule set again, and what comes behind it by the present one', async () => {
  const { seen, run } = await platform({ mark: { through: 'i1', version: 3 } });
  await run([
    entry(0, { go: 'earlier' }),
    entry(1, { go: 'good' }),
    entry(2, { go: 'good' }),
    entry(3, { go: 'earlier' }),
  ]);
  expect(
    seen.enforcements.map(({ rule: { ref }, trigger_instance_id: id, rule_set_version: v }) => [ref, id, v]),
  ).toEqual([
    ['p.earlier', 'i0', 3],
    ['p.good', 'i2', 7],
  ]);
  // Kept before anything was done; what is judged again is kept already.
  expect(seen.marks).toEqual(['i3 by 7']);
});

test('nothing is started before it is kept which rule set judged it', async () => {
  const { seen, run } = await platform({
    start: () => {
      expect(seen.marks).toEqual(['i1 by 7']);
      return Promise.resolve({ kind: 'started', runId: 'r' });
    },
  });
  await run([entry(0, { go: 'good', text: 'x' }), entry(1, { go: 'nobody' })]);
  expect(seen.enforcements.map(({ status }) => status)).toEqual(['succeeded']);
});

test('the definitions are asked for once for a batch, however many events of unknown triggers are in it', async () => {
  const { seen, run, reads } = await platform();
  expect(reads.snapshot).toBe(1);
  const good = entry(2, { go: 'good', text: 'x' });
  await run([good, ...[3, 4, 5, 6].map((offset) => entry(offset, {}, `x.unknown${offset}`))]);
  expect(seen.dead).toHaveLength(4);
  expect(reads.snapshot).toBe(2);
});

test('no event waits until poison before it, of the same key or of none, is set aside', async () => {
  let release: () => void = () => undefined;
  const acknowledged = new Promise<void>((resolve) => (release = resolve));
  const { seen, run, started } = await platform({ setAside: () => acknowledged });
  const malformed: LogEntry = {
    kind: 'malformed',
    record: {
      ...{ id: 'i0', recordedAt: null, partition: 0, offset: 0, reason: 'INVALID_EVENT', detail: 'x' },
      ...{ key: null, value: null, headers: {} },
    },
  };
  const running = run([malformed, entry(1, {}, 'x.unknown'), entry(2, { go: 'good', text: 'x' })]);
  while (started.size === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(seen.done).toBe(-1);
  release();
  await running;
  expect(seen.done).toBe(2);
  expect(seen.statuses).toEqual(['processing_failed']);
  expect(seen.passed).toEqual(['i2']);
});

test('a record that can not be set aside holds the batch, which ends only when nothing of it goes on', async () => {
  const away = new EverstormError('UNAVAILABLE', 'away');
  let slow: () => void = () => undefined;
  const start = (): Promise<{ kind: 'started'; runId: string }> =>
    new Promise((resolve) => (slow = () => resolve({ kind: 'started', runId: 'r' })));
  const { seen, run } = await platform({ setAside: () => Promise.reject(away), start });
  let over = false;
  const running = run([entry(1, {}, 'x.unknown'), entry(2, { go: 'good', text: 'x' })]).finally(() => (over = true));
  running.catch(() => undefined);
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(over).toBe(false);
  slow();
  await expect(running).rejects.toBe(away);
  expect(seen.done).toBe(-1);
});
