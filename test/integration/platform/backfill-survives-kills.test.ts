import { connectClient } from '../../../src/adapters/temporal/client';
import type { TemporalClient } from '../../../src/adapters/temporal/client';
import { createCodec } from '../../../src/adapters/temporal/codec';
import type { BackfillView } from '../../../src/services/backfills';
import { temporalAddress } from '../../helpers/addresses';
import { eventually, newDevPlatform } from '../../helpers/dev-process';
import type { DevPlatform } from '../../helpers/dev-process';
import { KEY } from '../temporal/support';
import { enforcementsOf, get } from './api';
import { RULE, changeRule, eventsBetween, executionIdsOf, makeRule, postJson, publish } from './past-events';

const EVENTS = eventsBetween(0, 599);
const WANTED = executionIdsOf(EVENTS);

let platform: DevPlatform;
let raw: TemporalClient;
const since = new Date(Date.now() - 60_000).toISOString();
beforeAll(async () => {
  platform = await newDevPlatform({ EVERSTORM_CODEC_KEY: Buffer.from(KEY).toString('hex') });
  await platform.start();
  raw = await connectClient({
    address: temporalAddress(),
    namespace: platform.namespace,
    codec: createCodec(KEY),
  });
  await makeRule(platform, { enabled: false });
  await publish(platform, EVENTS);
}, 180_000);
afterAll(async () => {
  await raw?.connection.close();
  await platform?.dispose();
}, 60_000);

/** Executions of the rule as Temporal knows them: each run of each. */
async function runs(): Promise<string[]> {
  const ids: string[] = [];
  for await (const { workflowId } of raw.client.workflow.list({
    query: `RuleRef = '${RULE}' AND ActionRef IS NOT NULL`,
  }))
    ids.push(workflowId);
  return ids.sort();
}

test('kills in the middle lose and repeat nothing, and an edited rule changes nothing', async () => {
  const { id } = await postJson<BackfillView>(platform, `/rules/${RULE}/backfills`, { from: since, rate: 40 });
  const view = (): Promise<BackfillView> => get<BackfillView>(platform.apiUrl, `/backfills/${id}`);
  for (const [kills, atLeast] of [20, 120, 220].entries()) {
    await eventually(`${atLeast} are started`, async () => (await runs()).length >= atLeast, 60_000);
    expect((await view()).status).toBe('running');
    if (kills === 1) await platform.stop();
    else await platform.kill9();
    await platform.start();
    if (kills === 0) await changeRule(platform, { criteria: { 'trigger.take': { type: 'eq', pattern: false } } });
  }
  await eventually('it ends', async () => (await view()).status !== 'running', 120_000);
  expect(await view()).toMatchObject({
    status: 'succeeded',
    counts: { of_trigger: 600, matched: WANTED.length, would_start: WANTED.length, already_ran: 0 },
    starts: { started: WANTED.length, already_ran: 0, failed: 0 },
  });
  const pinned = `WorkflowId = '${id}' AND TemporalWorkflowVersioningBehavior = 'Pinned'`;
  expect((await raw.client.workflow.count(pinned)).count).toBe(1);
  await eventually('visibility has all', async () => (await runs()).length >= WANTED.length);
  expect(await runs()).toEqual(WANTED);
  const enforcements = await enforcementsOf(platform.apiUrl, RULE);
  expect(enforcements.map(({ execution_id: of }) => of).sort()).toEqual(WANTED);
}, 300_000);
