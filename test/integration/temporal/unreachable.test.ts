import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createTemporal } from '../../../src/adapters/temporal/create-temporal';
import { KEY } from './support';

test('a Temporal that is not there is UNAVAILABLE, within the time-out', async () => {
  // A port that was free a moment ago.
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const startedAt = Date.now();
  const connecting = createTemporal({ address: `127.0.0.1:${port}`, namespace: 'default', codecKey: KEY });
  await expect(connecting).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(Date.now() - startedAt).toBeLessThan(15_000);
});
