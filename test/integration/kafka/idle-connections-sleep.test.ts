import { setTimeout as delay } from 'node:timers/promises';
import RequestQueue from 'kafkajs/src/network/requestQueue';
import { connectKafka } from '../../../src/adapters/kafka/connection';
import { kafkaBroker } from '../../helpers/addresses';

test('a connection with nothing to do is left alone', async () => {
  const kafka = connectKafka({ brokers: [kafkaBroker()], clientId: 'idle', log: () => undefined });
  const admin = kafka.admin();
  await admin.connect();
  await admin.listTopics();
  const looked = jest.spyOn(RequestQueue.prototype, 'checkPendingRequests');
  await delay(300); // the span that is watched, not a wait for something
  const looks = looked.mock.calls.length;
  looked.mockRestore();
  await admin.disconnect();
  expect(looks).toBeLessThan(5);
});
