import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import type { Producer } from 'kafkajs';
import { writePack, PACK, triggerOf } from '../conditions/pack';
import { toMessage } from '../conditions/world';
import type { TestEvent } from '../conditions/world';
import { eventually } from '../../helpers/dev-process';
import { executionIdForEvent } from '../../../src/model/ids';
import { get, post } from '../platform/api';
import type { Enforcement } from '../platform/api';
import { allReady, kill9, newCluster } from './cluster';
import type { Cluster, ClusterState } from './cluster';

/** `npm run nightly` asks for the whole: 5,000 events, 20 kills. */
const EVENTS = Number(process.env['MEMORY_EVENTS'] ?? '750');
const KILLS = Number(process.env['MEMORY_KILLS'] ?? '3');
const BETWEEN_KILLS_MS = 8_000;
const HOSTS = 40;
const COUNT = 5;
const KEY = '{{ trigger.host }}';
/** Longer than a killed rule service needs to be replaced: a host that is heard of is told in time or not decided about. */
const SILENT = '12s';

/** Where the rule service dies: in the middle of what it does. `null`: wherever it is. */
const POINTS = [
  'after-consume',
  'after-shards-told',
  null,
  'after-start',
  'after-enact',
  'before-commit',
  null,
] as const;

const RULES = [
  { name: 'standard', trigger: triggerOf('order'), criteria: { 'trigger.big': { type: 'eq', pattern: true } } },
  { name: 'fallback', type: { ref: 'backstop' }, trigger: triggerOf('order') },
  { name: 'often', trigger: triggerOf('check'), when: { type: 'threshold', count: COUNT, within: '1h', key: KEY } },
  { name: 'silent', trigger: triggerOf('beat'), when: { type: 'absence', within: SILENT, key: KEY } },
];

/** The n-th event: two in ten are orders, four checks, four heartbeats; half of the hosts beat in the first half only. */
function eventOf(n: number): TestEvent {
  const id = `event-${n}`;
  const source = `/tests/${n % 7}`;
  const turn = n % 10;
  if (turn < 2) return { trigger: 'order', id, source, payload: { big: turn === 0 } };
  const host = `host-${(n * 7) % HOSTS}`;
  if (turn < 6) return { trigger: 'check', id, source, payload: { host } };
  const live = n < EVENTS / 2 ? HOSTS : HOSTS / 2;
  return { trigger: 'beat', id, source, payload: { host: `host-${Math.floor(n / 10 + turn * 10) % live}` } };
}

/** How often each rule fires in a run without kills. */
function expected(): Record<string, number> {
  const checks = new Map<string, number>();
  const beating = new Set<string>();
  for (let n = 0; n < EVENTS; n += 1) {
    const { trigger, payload } = eventOf(n);
    const host = String(payload['host']);
    if (trigger === 'check') checks.set(host, (checks.get(host) ?? 0) + 1);
    if (trigger === 'beat') beating.add(host);
  }
  const often = [...checks.values()].reduce((sum, count) => sum + Math.floor(count / COUNT), 0);
  return { standard: EVENTS / 10, fallback: EVENTS / 10, often, silent: beating.size };
}

async function producerOf(cluster: Cluster): Promise<Producer> {
  const [port = 0] = Object.values(cluster.member('kafka').ports);
  const producer = new Kafka({ brokers: [`127.0.0.1:${port}`], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  return producer;
}

describe('a rule service that is killed again and again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'everstorm-killed-'));
  const debug = join(folder, 'debug');
  const cluster = newCluster();
  let up: ClusterState;
  beforeAll(async () => {
    mkdirSync(debug);
    const packs = writePack(folder, ['order', 'check', 'beat'], RULES);
    const variables = [`EVERSTORM_PACK_PATHS=${packs}`, `EVERSTORM_DEBUG_FOLDER=${debug}`];
    up = await cluster.succeed('up', '--rules', '2', ...variables.flatMap((each) => ['--env', each]));
  }, 400_000);
  afterAll(async () => {
    await cluster.dispose();
    rmSync(folder, { recursive: true, force: true });
  }, 300_000);

  const publishAll = async (signal: AbortSignal): Promise<void> => {
    const producer = await producerOf(cluster);
    const pace = (KILLS * BETWEEN_KILLS_MS) / EVENTS;
    const begun = Date.now();
    for (let n = 0; n < EVENTS && !signal.aborted;) {
      const due = Math.min(EVENTS, Math.ceil((Date.now() - begun) / pace) + 1);
      const messages = Array.from({ length: due - n }, (_, each) => toMessage(eventOf(n + each)));
      if (messages.length > 0) await producer.send({ topic: 'everstorm.events', acks: -1, messages });
      n = due;
      await delay(Math.max(20, pace));
    }
    await producer.disconnect();
  };

  /** One of the rule services dies, at this point or anywhere; resolves to where it was. */
  const killOne = async (n: number): Promise<string> => {
    const victim = ['rules-1', 'rules-2'][n % 2] ?? '';
    await eventually(`${victim} runs`, () => cluster.member(victim).state === 'running', 60_000);
    const point = POINTS[n % POINTS.length] ?? null;
    const file = join(debug, point ?? 'none');
    if (point !== null) {
      writeFileSync(file, '');
      for (const giveUp = Date.now() + BETWEEN_KILLS_MS / 2; existsSync(file) && Date.now() < giveUp;) await delay(50);
      if (!existsSync(file)) return point;
      rmSync(file, { force: true });
    }
    kill9(cluster, victim);
    return 'anywhere';
  };

  const killAll = async (): Promise<string[]> => {
    const killed: string[] = [];
    for (let n = 0; n < KILLS; n += 1) {
      const next = delay(BETWEEN_KILLS_MS);
      killed.push(await killOne(n));
      await next;
    }
    return killed;
  };

  const firedBy = async (rule: string): Promise<{ enforced: number; executions: number }> => {
    const of = `limit=-1&rule_ref=${PACK}.${rule}`;
    const enforced = await get<Enforcement[]>(up.apiUrl, `/ruleenforcements?${of}`);
    const executions = await get<unknown[]>(
      up.apiUrl,
      `/executions?limit=-1&rule=${PACK}.${rule}&include_attributes=id`,
    );
    return { enforced: enforced.filter(({ status }) => status === 'succeeded').length, executions: executions.length };
  };

  it(
    `fires as often as one that was never killed (${KILLS} kills, ${EVENTS} events)`,
    async () => {
      const stopping = new AbortController();
      const [killed] = await Promise.all([killAll(), publishAll(stopping.signal)]).finally(() => stopping.abort());
      expect(killed).toHaveLength(KILLS);
      await allReady(cluster);
      const wanted = Object.entries(expected()).map(([rule, count]) => [rule, { enforced: count, executions: count }]);
      let seen: unknown[] = [];
      const look = async (): Promise<void> => {
        seen = await Promise.all(RULES.map(async ({ name }) => [name, await firedBy(name)]));
      };
      const enough = async (): Promise<boolean> => {
        await look();
        return seen.every((each, n) => {
          const [, counts] = each as [string, { enforced: number; executions: number }];
          const [, goal] = wanted[n] as [string, { enforced: number; executions: number }];
          return counts.enforced >= goal.enforced && counts.executions >= goal.executions;
        });
      };
      await eventually('all that is expected has fired', enough, 240_000).catch((cause: unknown) => {
        throw new Error(`fired ${JSON.stringify(seen)}, expected ${JSON.stringify(wanted)}`, { cause });
      });
      // Nothing more comes: another silence would have been told by then.
      await delay(20_000);
      await look();
      expect(seen).toEqual(wanted);
      console.log(JSON.stringify({ killed, fired: Object.fromEntries(seen as [string, unknown][]) }));
    },
    KILLS * 60_000 + 400_000,
  );

  it('judges what comes again by the rules it was first judged by, whatever became of them meanwhile', async () => {
    const producer = await producerOf(cluster);
    const publish = (id: string): Promise<unknown> => {
      const event: TestEvent = { trigger: 'order', id, source: '/tests/edits', payload: { big: true } };
      return producer.send({ topic: 'everstorm.events', acks: -1, messages: [toMessage(event)] });
    };
    const [started, taken] = [join(debug, 'after-start'), join(debug, 'after-consume')];
    writeFileSync(started, '');
    await publish('edited-meanwhile');
    await eventually('it died after the start', () => !existsSync(started), 60_000);
    // From now on it dies whenever it takes anything up: nothing is decided while the rules change.
    const dying = setInterval(() => writeFileSync(taken, ''), 20);
    try {
      const rule = {
        name: 'newcomer',
        pack: PACK,
        enabled: true,
        trigger: triggerOf('order'),
        action: { ref: 'core.noop' },
      };
      expect((await post(up.apiUrl, '/rules', { body: JSON.stringify(rule) })).status).toBe(201);
      expect((await fetch(`${up.apiUrl}/api/v1/rules/${PACK}.standard`, { method: 'DELETE' })).status).toBe(204);
    } finally {
      clearInterval(dying);
      rmSync(taken, { force: true });
    }
    const decided = executionIdForEvent(`rule:${PACK}:standard`, '/tests/edits', 'edited-meanwhile');
    const recorded = (): Promise<Enforcement[]> =>
      get<Enforcement[]>(up.apiUrl, `/ruleenforcements?limit=-1&execution=${decided}`);
    await eventually('it is recorded as it was decided', async () => (await recorded()).length === 1, 120_000);
    await publish('after-the-edit');
    await producer.disconnect();
    // The next event of the same partition: what came before it was done by then.
    await eventually('the newcomer takes it up', async () => (await firedBy('newcomer')).enforced > 0, 60_000);
    const [first, ...more] = await get<Enforcement[]>(
      up.apiUrl,
      `/ruleenforcements?limit=-1&rule_ref=${PACK}.newcomer`,
    );
    expect(more).toEqual([]);
    expect(first?.execution_id).toBe(executionIdForEvent(`rule:${PACK}:newcomer`, '/tests/edits', 'after-the-edit'));
  }, 300_000);
});
