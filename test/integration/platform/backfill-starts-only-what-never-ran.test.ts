import { everstorm, eventually, newDevPlatform } from '../../helpers/dev-process';
import type { DevPlatform } from '../../helpers/dev-process';
import type { BackfillView } from '../../../src/services/backfills';
import { enforcementsOf, executionsOf, get, post } from './api';
import { RULE, TRIGGER, changeRule, eventsBetween, executionIdsOf, makeRule, postJson, publish } from './past-events';

const LIVE = eventsBetween(0, 29);
const MISSED = eventsBetween(30, 89);
const ALL = [...LIVE, ...MISSED];

let platform: DevPlatform;
const since = new Date(Date.now() - 60_000).toISOString();
beforeAll(async () => {
  platform = await newDevPlatform();
  await platform.start();
  await makeRule(platform, { action: { ref: 'core.noop', parameters: {} } });
  await publish(platform, LIVE);
  await changeRule(platform, { enabled: false });
  await publish(platform, MISSED);
}, 180_000);
afterAll(() => platform.dispose(), 60_000);

const cli = (...words: string[]) => everstorm('--url', platform.apiUrl, ...words);
async function json<T>(...words: string[]): Promise<T> {
  const { code, stdout, stderr } = await cli('--json', ...words);
  if (code !== 0) throw new Error(`${words.join(' ')}: ${code} ${stderr}`);
  return JSON.parse(stdout) as T;
}
const executions = async (): Promise<string[]> =>
  (await executionsOf(platform.apiUrl, 'core.noop')).map(({ id }) => id).sort();
const taken = executionIdsOf(ALL).length;
const ran = executionIdsOf(LIVE).length;

test('a dry run says what would be started, shows samples, and starts nothing', async () => {
  const view = await json<BackfillView>('rule', 'backfill', RULE, '--from', since, '--dry-run');
  expect(view).toMatchObject({
    status: 'succeeded',
    dry_run: true,
    rule: { ref: RULE },
    counts: { of_trigger: 90, matched: taken, already_ran: ran, would_start: taken - ran, failed: 0, shadowed: 0 },
    starts: { started: 0 },
  });
  const outcomes = new Set(view.samples?.map(({ outcome }) => outcome));
  expect(outcomes).toEqual(new Set(['already_ran', 'would_start']));
  const { stdout } = await cli('rule', 'backfill', RULE, '--from', since, '--dry-run');
  expect(stdout).toContain('note: the rule is disabled; it is backfilled all the same');
  expect(stdout).toContain(`${taken} matched, ${ran} already ran, ${taken - ran} would start, 0 failed`);
  await eventually('the live ones are listed', async () => (await executions()).length >= ran);
  expect(await executions()).toEqual(executionIdsOf(LIVE));
}, 90_000);

test('a backfill that is cancelled ends soon and tells how far it was; a repeated request is the same one', async () => {
  const ask = () =>
    postJson<BackfillView>(
      platform,
      `/rules/${RULE}/backfills`,
      { from: since, rate: '1/m' },
      { 'Idempotency-Key': 'k' },
    );
  const { id } = await ask();
  const view = (): Promise<BackfillView> => get<BackfillView>(platform.apiUrl, `/backfills/${id}`);
  await eventually('the first is started', async () => (await view()).starts?.started === 1);
  expect((await ask()).id).toBe(id);
  expect((await cli('rule', 'backfills', id)).stdout).toContain(`starting: 1 of ${taken - ran} started`);
  const path = `${platform.apiUrl}/api/v1/backfills/${encodeURIComponent(id)}`;
  expect((await fetch(path, { method: 'DELETE' })).status).toBe(200);
  await eventually('it ends', async () => (await view()).status !== 'running');
  expect(await view()).toMatchObject({ status: 'canceled', cancelled_by: 'stanley', starts: { started: 1 } });
}, 60_000);

test('a backfill starts what never ran under the same ids; a second one starts nothing', async () => {
  const refused = await cli('rule', 'backfill', RULE, '--from', since);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--yes')]);

  const { code, stdout } = await cli('rule', 'backfill', RULE, '--from', since, '--rate', '200/s', '--yes');
  expect([code, stdout]).toEqual([
    0,
    expect.stringContaining(`started: ${taken - ran - 1} started, 0 already ran, 0 failed`),
  ]);
  await eventually('all are listed', async () => (await executions()).length >= taken);
  expect(await executions()).toEqual(executionIdsOf(ALL));
  const enforcements = await enforcementsOf(platform.apiUrl, RULE);
  expect(enforcements.map(({ execution_id: id }) => id).sort()).toEqual(executionIdsOf(ALL));
  expect(new Set(enforcements.map(({ status }) => status))).toEqual(new Set(['succeeded']));

  const again = await cli('rule', 'backfill', RULE, '--from', since, '--yes');
  expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('there is nothing to start')]);
  const third = await postJson<BackfillView>(platform, `/rules/${RULE}/backfills`, { from: since });
  expect(third.rule).toEqual({ ref: RULE, enabled: false });
  const path = `/backfills/${third.id}`;
  await eventually('it ends', async () => (await get<BackfillView>(platform.apiUrl, path)).status !== 'running');
  expect(await get<BackfillView>(platform.apiUrl, path)).toMatchObject({
    status: 'succeeded',
    counts: { already_ran: taken, would_start: 0 },
    starts: { started: 0 },
  });
  const execution = await get<{ context: object }>(platform.apiUrl, `/executions/${executionIdsOf(MISSED)[0]}`);
  expect(execution.context).toMatchObject({ backfill: expect.stringMatching(/^backfill\/default\.past\//) as string });
}, 120_000);

test('a rule in shadow mode gives shadowed enforcements and starts nothing', async () => {
  await changeRule(platform, { mode: 'shadow' });
  const before = (await executions()).length;
  const view = await json<BackfillView>('rule', 'backfill', RULE, '--from', since, '--yes');
  expect(view).toMatchObject({
    status: 'succeeded',
    counts: { shadowed: taken },
    starts: { shadowed: taken, started: 0 },
  });
  const shadowed = (await enforcementsOf(platform.apiUrl, RULE)).filter(({ status }) => status === 'shadowed');
  expect(shadowed).toHaveLength(taken);
  expect((await executions()).length).toBe(before);
}, 60_000);

test('backfills are listed; wrong times and rates are refused by name', async () => {
  const listed = async (): Promise<BackfillView[]> => json('rule', 'backfills', '--rule', RULE);
  await eventually(
    'all are listed',
    async () => (await listed()).filter(({ status }) => status === 'succeeded').length >= 7,
  );
  expect(new Set((await listed()).map(({ rule }) => rule.ref))).toEqual(new Set([RULE]));
  const refusals: [object, string][] = [
    [{ from: 'yesterday' }, 'from: expected an ISO 8601 time'],
    [{ from: since, to: '2026-13-01' }, 'to: expected an ISO 8601 time'],
    [{ from: since, to: since }, 'to: is not after "from"'],
    [{ from: '2999-01-01' }, 'from: is in the future'],
    [{ from: since, rate: '0/s' }, 'rate: expected executions a second'],
    [{}, "'from' is a required property"],
  ];
  for (const [body, text] of refusals) {
    const answer = await post(platform.apiUrl, `/rules/${RULE}/backfills`, { body: JSON.stringify(body) });
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(JSON.stringify(text).slice(1, -1))]);
  }
  const [{ id } = { id: '' }] = await listed();
  expect((await cli('rule', 'backfills', id, '--cancel')).stderr).toContain('has ended already');
  expect((await fetch(`${platform.apiUrl}/api/v1/backfills/backfill/none`)).status).toBe(404);
}, 60_000);

test('many events are re-emitted, each with its outcome; under one key a repeated request starts nothing more', async () => {
  await changeRule(platform, { mode: 'active', enabled: true });
  const instances = await get<{ id: string; payload: { take: boolean } }[]>(
    platform.apiUrl,
    `/triggerinstances?trigger=${TRIGGER}&limit=-1`,
  );
  const ids = instances
    .filter(({ payload }) => payload.take)
    .slice(0, 3)
    .map(({ id }) => id);
  const send = () =>
    postJson<{ trigger_instances: { outcome: string }[] }>(
      platform,
      '/triggerinstances/re_emit',
      { ids: [...ids, '0'.repeat(24)] },
      { 'Idempotency-Key': 'once' },
    );
  for (const answer of [await send(), await send()])
    expect(answer.trigger_instances.map(({ outcome }) => outcome)).toEqual([...ids.map(() => 're-emitted'), 'failed']);
  await eventually(
    'the repeated ones are told',
    async () =>
      (await enforcementsOf(platform.apiUrl, RULE)).filter(({ status }) => status === 'deduplicated').length === 3,
  );
  await eventually('three more ran', async () => (await executions()).length === taken + 3);

  const { code, stdout } = await cli('trigger-instance', 're-emit', ids[0] ?? '');
  expect([code, stdout]).toEqual([0, expect.stringContaining('re-emitted')]);
  await eventually('one more ran', async () => (await executions()).length === taken + 4);
  const many = await json<object[]>('trigger-instance', 're-emit', '--trigger', TRIGGER, '--from', since, '--yes');
  expect(many).toHaveLength(instances.length + 7);
}, 120_000);
