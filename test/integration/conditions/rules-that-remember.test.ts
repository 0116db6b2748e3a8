import { everstorm } from '../../helpers/dev-process';
import { get, post } from '../platform/api';
import { until } from '../temporal/support';
import { triggerOf } from './pack';
import { startWorld } from './world';
import type { World } from './world';

const KEY = '{{ trigger.host }}';
const BAD = { 'trigger.state': { type: 'eq', pattern: 'bad' } };

const RULES = [
  {
    name: 'three_in_a_minute',
    trigger: triggerOf('check'),
    criteria: BAD,
    when: { type: 'threshold', count: 3, within: '1m', key: KEY },
    action: {
      ref: 'core.local',
      parameters: {
        cmd: 'echo {{ action_context.condition.key }} {{ action_context.condition.count }} {{ trigger.host }}',
      },
    },
  },
  { name: 'silent', trigger: triggerOf('heartbeat'), when: { type: 'absence', within: '3s', key: KEY } },
  {
    name: 'not_recovered',
    trigger: triggerOf('down'),
    when: { type: 'sequence', within: '3s', key: KEY, unless: { trigger: triggerOf('up'), key: '{{ trigger.name }}' } },
  },
  { name: 'throttled', trigger: triggerOf('storm'), guard: { key: KEY, throttle: { limit: 2, per: '10m' } } },
  { name: 'debounced', trigger: triggerOf('storm'), guard: { key: KEY, debounce: { wait: '1s' } } },
  {
    name: 'one_at_a_time',
    trigger: triggerOf('storm'),
    guard: { key: KEY, concurrency: { limit: 1, excess: 'delay' } },
    action: { ref: 'core.local', parameters: { cmd: 'sleep 0.3' } },
  },
  { name: 'shadowed', mode: 'shadow', trigger: triggerOf('storm'), guard: { throttle: { limit: 1, per: '10m' } } },
  {
    name: 'broken_key',
    trigger: triggerOf('storm'),
    guard: { key: '{{ trigger.nothing.there }}', throttle: { limit: 1, per: 60 } },
  },
];

interface Explained {
  outcome: string;
  parameters?: object;
  memory?: { now: { counted?: number } | null };
}
interface Execution {
  id: string;
  status: string;
  result?: { stdout?: string };
  start_timestamp: string;
  end_timestamp?: string;
}

describe('rules that remember', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(['check', 'heartbeat', 'down', 'up', 'storm'], RULES);
  }, 150_000);
  afterAll(() => world.dispose());

  const executionOf = (id: string | undefined): Promise<Execution> =>
    get(world.platform.apiUrl, `/executions/${id ?? ''}`);

  test('a threshold fires with the event that completes it, and its action is told why', async () => {
    const checks = ['a', 'b', 'a', 'a', 'b'].map((host) => ({ trigger: 'check', payload: { host, state: 'bad' } }));
    await world.publish([{ trigger: 'check', payload: { host: 'a', state: 'good' } }, ...checks]);
    const [enforcement] = await world.expectCount('three_in_a_minute', 'succeeded', 1);
    const execution = await until('its end', async () => {
      const found = await executionOf(enforcement?.execution_id);
      return found.status === 'succeeded' && found;
    });
    expect(execution.result?.stdout).toBe('a 3 a');
    await world.publish([{ trigger: 'check', payload: { host: 'b', state: 'bad' } }]);
    await world.expectCount('three_in_a_minute', 'succeeded', 2);
  }, 60_000);

  test('absence fires for the host that fell silent, not for those that go on', async () => {
    const beat = (...hosts: string[]) =>
      world.publish(hosts.map((host) => ({ trigger: 'heartbeat', payload: { host } })));
    await beat('quiet', 'lively');
    const fired = await until('somebody is silent', async () => {
      await beat('lively');
      const found = await world.enforcements('silent');
      return found.length > 0 && found;
    });
    const instances = await Promise.all(
      fired.map(({ trigger_instance_id: id }) =>
        get<{ payload: { host: string } }>(world.platform.apiUrl, `/triggerinstances/${id}`),
      ),
    );
    expect(instances.map(({ payload }) => payload.host)).toEqual(['quiet']);
    await world.expectCount('silent', 'succeeded', 2);
  }, 60_000);

  test('a sequence fires for what nothing answered', async () => {
    await world.publish([
      { trigger: 'down', payload: { host: 'web' } },
      { trigger: 'down', payload: { host: 'db' } },
      { trigger: 'up', payload: { name: 'web' } },
    ]);
    const [fired] = await world.expectCount('not_recovered', 'succeeded', 1);
    const { payload } = await get<{ payload: { host: string } }>(
      world.platform.apiUrl,
      `/triggerinstances/${fired?.trigger_instance_id ?? ''}`,
    );
    expect(payload.host).toBe('db');
  }, 60_000);

  test('a guard holds back what is too much, and each event it held back can be seen', async () => {
    await world.publish(Array.from({ length: 5 }, () => ({ trigger: 'storm', payload: { host: 'x' } })));
    const throttled = await world.expectCount('throttled', 'suppressed', 3);
    expect(throttled.map(({ failure_reason: reason }) => reason)).toEqual(
      Array.from({ length: 3 }, () => 'throttled: 2 began within 600 s, the limit'),
    );
    expect((await world.expectCount('throttled', 'succeeded', 2)).length).toBe(2);
    await world.expectCount('debounced', 'succeeded', 1);
    const debounced = await world.expectCount('debounced', 'suppressed', 4);
    expect(debounced[0]?.failure_reason).toMatch(/^debounced: trigger instance [0-9a-f]{24} followed$/);
    const shadowed = await world.expectCount('shadowed', 'shadowed', 1);
    expect(shadowed.map(({ execution_id: id }) => id)).toEqual([undefined]);
    await world.expectCount('shadowed', 'suppressed', 4);
    const broken = await world.expectCount('broken_key', 'failed', 5);
    expect(broken[0]?.failure_reason).toMatch(/^Failed to read the key of rule "memory.broken_key"/);
  }, 60_000);

  test('an explanation tells what is kept in mind, and what was held back', async () => {
    const { apiUrl } = world.platform;
    await world.publish([{ trigger: 'check', id: 'explained', payload: { host: 'z', state: 'bad' } }]);
    const explained = await until('the event is there and its shard knows it', async () => {
      const [newest] = await get<{ id: string; payload: { host?: string } }[]>(
        apiUrl,
        '/triggerinstances?limit=1&trigger=memory.check',
      );
      if (newest?.payload.host !== 'z') return null;
      const told = await get<Explained>(
        apiUrl,
        `/rules/memory.three_in_a_minute/explain?trigger_instance=${newest.id}`,
      );
      return told.memory?.now?.counted === 1 && told;
    });
    expect(explained.parameters).toEqual({ cmd: 'echo z 3 z' });
    expect(explained).toMatchObject({ outcome: 'remembered', memory: { key: 'z', now: { key: 'z', counted: 1 } } });
    const [held] = await world.expectCount('throttled', 'suppressed', 3);
    const id = held?.trigger_instance_id ?? '';
    expect(await get<Explained>(apiUrl, `/rules/memory.throttled/explain?trigger_instance=${id}`)).toMatchObject({
      outcome: 'suppressed',
      reason: 'throttled: 2 began within 600 s, the limit',
      memory: { key: 'x', now: { begun: 2 } },
    });
    const { rules } = await get<{ rules: (Explained & { rule: { ref: string } })[] }>(
      apiUrl,
      `/triggerinstances/${id}/explain`,
    );
    expect(rules.find(({ rule }) => rule.ref === 'memory.throttled')?.outcome).toBe('suppressed');
    const { stdout } = await everstorm('rule', 'explain', 'memory.throttled', id, '--url', apiUrl);
    expect(stdout).toContain('key "x": begun 2');
    const listed = await everstorm(
      ...[
        'rule-enforcement',
        'list',
        '--rule',
        'memory.throttled',
        '--status',
        'suppressed',
        '--url',
        apiUrl,
        '--json',
      ],
    );
    expect(JSON.parse(listed.stdout)).toHaveLength(3);
  }, 60_000);

  test.each([
    [{ when: { type: 'threshold', count: 'many', within: 60 } }, /^when.count: /],
    [{ when: { type: 'absence', within: 'soon' } }, /^when.within: .*expected a duration/],
    [{ when: { type: 'never' } }, /^when/],
    [{ when: { type: 'absence', within: 60, key: '{{ nonsense' } }, /when.key/],
    [{ guard: {} }, /^guard: expected debounce, throttle or concurrency/],
    [{ guard: { throttle: { limit: 0, per: 1 } } }, /^guard.throttle.limit: /],
    [{ guard: { throttle: { limit: 1, per: 1, often: 2 } } }, /^guard.throttle: .*'often'/],
    [{ when: { type: 'sequence', within: 60, unless: { trigger: { type: 'no.such' } } } }, /no\.such/],
  ])('a rule that can not be is refused with the field at fault: %j', async (part, message) => {
    const rule = {
      name: 'refused',
      pack: 'memory',
      trigger: triggerOf('check'),
      action: { ref: 'core.noop' },
      ...part,
    };
    const { status, text } = await post(world.platform.apiUrl, '/rules', { body: JSON.stringify(rule) });
    expect(status).toBe(400);
    expect((JSON.parse(text) as { faultstring: string }).faultstring).toMatch(message);
  });

  test('executions that wait for their turn run one after the other', async () => {
    const enforced = await world.expectCount('one_at_a_time', 'succeeded', 5, 60_000);
    const runs = await until('all have ended', async () => {
      const all = await Promise.all(enforced.map(({ execution_id: id }) => executionOf(id)));
      return all.every(({ status }) => status === 'succeeded') && all;
    });
    const times = runs
      .map(({ start_timestamp: start, end_timestamp: end = '' }) => [Date.parse(start), Date.parse(end)] as const)
      .sort(([a], [b]) => a - b);
    for (const [n, [start]] of times.entries()) if (n > 0) expect(start).toBeGreaterThanOrEqual(times[n - 1]?.[1] ?? 0);
  }, 90_000);
});
