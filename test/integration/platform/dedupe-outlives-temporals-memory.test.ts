import { Kafka, logLevel } from 'kafkajs';
import type { Admin } from 'kafkajs';
import { createCodec } from '../../../src/adapters/temporal/codec';
import { connectClient } from '../../../src/adapters/temporal/client';
import type { TemporalClient } from '../../../src/adapters/temporal/client';
import { rulesGroup } from '../../../src/bin/role-names';
import { kafkaBroker, temporalAddress } from '../../helpers/addresses';
import { eventually, newDevPlatform } from '../../helpers/dev-process';
import type { DevPlatform } from '../../helpers/dev-process';
import { enforcementsOf, executionsOf, post } from './api';

const ALERT = JSON.stringify({ trigger: 'demo.alert', payload: { severity: 'critical', summary: 'once' } });

let platform: DevPlatform;
let raw: TemporalClient;
let admin: Admin;
beforeAll(async () => {
  platform = await newDevPlatform();
  await platform.start();
  const codec = createCodec(new Uint8Array(32));
  raw = await connectClient({ address: temporalAddress(), namespace: platform.namespace, codec });
  admin = new Kafka({ brokers: [kafkaBroker()], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
}, 150_000);
afterAll(async () => {
  await admin?.disconnect();
  await raw?.connection.close();
  await platform?.dispose();
}, 60_000);

const send = async (): Promise<void> => {
  const { status } = await post(platform.apiUrl, '/webhooks/st2', { body: ALERT, headers: { 'ce-id': 'event-1' } });
  expect(status).toBe(202);
};
const statuses = async (): Promise<string[]> =>
  (await enforcementsOf(platform.apiUrl, 'demo.alert')).map(({ status }) => status).sort();
const remembered = (id: string): Promise<boolean> =>
  raw.client.workflow
    .getHandle(id)
    .describe()
    .then(
      () => true,
      () => false,
    );
/**
 * What the end of the retention does, at once: Temporal's shortest retention is an hour (`namespace.MinRetentionLocal` in its server), and this
 * call runs the same deletion.
 */
async function forget(workflowId: string): Promise<void> {
  await raw.connection.workflowService.deleteWorkflowExecution({
    namespace: platform.namespace,
    workflowExecution: { workflowId },
  });
  await eventually('Temporal has forgotten it', async () => !(await remembered(workflowId)));
}

test('an event that comes again after Temporal has forgotten its execution starts nothing, and another one of its id is told', async () => {
  await send();
  await eventually(
    'it is done',
    async () => (await executionsOf(platform.apiUrl, 'demo.diagnose'))[0]?.status === 'succeeded',
  );
  const [{ execution_id: execution = '' } = {}] = await enforcementsOf(platform.apiUrl, 'demo.alert');
  await send();
  await eventually('the second is told', async () => (await statuses()).length === 2);
  expect(await statuses()).toEqual(['deduplicated', 'succeeded']);

  await platform.stop();
  await forget(execution);
  const groupId = rulesGroup(platform.namespace);
  await admin.resetOffsets({ groupId, topic: platform.eventsTopic, earliest: true });
  await platform.start();
  const caughtUp = async (): Promise<boolean> => {
    const ends = await admin.fetchTopicOffsets(platform.eventsTopic);
    const [group] = await admin.fetchOffsets({ groupId, topics: [platform.eventsTopic] });
    return ends.every(({ partition, high }) => {
      const at = group?.partitions.find((each) => each.partition === partition)?.offset ?? '-1';
      return Number(high) === 0 || Number(at) >= Number(high);
    });
  };
  await eventually('the log was read again', caughtUp, 60_000);
  expect(await statuses()).toEqual(['deduplicated', 'succeeded']);
  expect(await remembered(execution)).toBe(false);

  await send();
  await eventually('the third is told', async () => (await statuses()).length === 3, 60_000);
  expect(await statuses()).toEqual(['deduplicated', 'deduplicated', 'succeeded']);
  expect(await remembered(execution)).toBe(false);
}, 240_000);
