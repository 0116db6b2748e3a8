import { Connection } from '@temporalio/client';
import { Kafka, logLevel } from 'kafkajs';
import { Client } from 'pg';
import { kafkaBroker, temporalAddress } from '../helpers/addresses';

/** The ground all integration tests stand on: real servers answer at the addresses that global-setup.ts sets. */
describe('servers of the test run', () => {
  it('has a Temporal that serves the default namespace', async () => {
    const connection = await Connection.connect({ address: temporalAddress() });
    try {
      const { namespaceInfo } = await connection.workflowService.describeNamespace({ namespace: 'default' });
      expect(namespaceInfo?.name).toBe('default');
    } finally {
      await connection.close();
    }
  });

  it('has a Kafka that creates no topic by itself and takes records up to 2 MiB', async () => {
    const kafka = new Kafka({ brokers: [kafkaBroker()], logLevel: logLevel.NOTHING, retry: { retries: 1 } });
    const admin = kafka.admin();
    await admin.connect();
    const topic = `test-servers-${process.pid}-${Date.now()}`;
    try {
      await expect(admin.fetchTopicOffsets(topic)).rejects.toThrow();
      await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true });
      const producer = kafka.producer();
      await producer.connect();
      await producer.send({ topic, messages: [{ value: Buffer.alloc(1_900_000) }] });
      await producer.disconnect();
      expect(await admin.fetchTopicOffsets(topic)).toMatchObject([{ partition: 0, high: '1' }]);
      await admin.deleteTopics({ topics: [topic] });
    } finally {
      await admin.disconnect();
    }
  });

  const postgres = process.env['EVERSTORM_TEST_POSTGRES'];
  (postgres ? it : it.skip)('has a Postgres that accepts us (needs Postgres on this machine)', async () => {
    const client = new Client({ connectionString: postgres });
    await client.connect();
    try {
      expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    } finally {
      await client.end();
    }
  });
});
