import { createHttpApp } from '../../../src/http/app';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import type { HealthCheck } from '../../../src/ports/health';
import { createMetrics } from '../../../src/telemetry/metrics';
import { isObject, send } from './golden';
import { TEMPORAL_UI, startPlatform } from './platform';
import type { TestPlatform } from './platform';

jest.mock('@electric-sql/pglite', () => jest.requireActual('../../helpers/native-pglite'));

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
}, 120_000);
afterAll(() => platform.stop(), 60_000);

const call = (method: string, path: string, body: unknown = null, headers: Record<string, string> = {}) =>
  send(platform.base, { method, path, headers: { 'Content-Type': 'application/json', ...headers }, body });

test('/healthz and /readyz say that the process lives and that all it needs is there', async () => {
  expect(await call('GET', '/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
  expect(await call('GET', '/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } });
});

/** The same API with these checks. */
async function withChecks(health: HealthCheck[], use: (base: string) => Promise<void>): Promise<void> {
  const log = pino({ level: 'silent' });
  const app = createHttpApp({
    services: platform.services,
    health,
    metrics: createMetrics(),
    log,
    version: '0',
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    await new Promise((done) => server.close(done));
  }
}

test('/readyz names what is missing or does not answer in time, while /healthz stays well', async () => {
  const health: HealthCheck[] = [
    { name: 'kafka', check: () => Promise.resolve() },
    { name: 'database', check: () => Promise.reject(new Error('connection refused')) },
    { name: 'temporal', check: () => new Promise(() => undefined) },
  ];
  await withChecks(health, async (base) => {
    const ready = await send(base, { method: 'GET', path: '/readyz', headers: {}, body: null });
    expect(ready).toMatchObject({ status: 503, body: { status: 'not ready' } });
    expect((ready.body as { missing: object[] }).missing).toEqual([
      { name: 'database', reason: 'connection refused' },
      { name: 'temporal', reason: 'no answer in 3000 ms' },
    ]);
    expect((await send(base, { method: 'GET', path: '/healthz', headers: {}, body: null })).status).toBe(200);
  });
});

test('/metrics is text that Prometheus reads, with our counters and those of the process', async () => {
  const { status, headers, body } = await call('GET', '/metrics');
  expect(status).toBe(200);
  expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  const samples = String(body)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  for (const line of samples) expect(line).toMatch(/^[a-z_][\w:]*(\{.*\})? (-?[\d.]+(e[+-]?\d+)?|NaN|[+-]Inf)$/i);
  expect(body).toContain('# TYPE everstorm_events_processed_total counter');
  expect(samples.some((line) => line.startsWith('process_resident_memory_bytes '))).toBe(true);
});

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');
const plain = {
  metadata: { encoding: Buffer.from('json/plain').toString('base64') },
  data: base64({ password: 'hunter2' }),
};

test('/codec/encode hides a payload and /codec/decode shows it again', async () => {
  const encoded = await call('POST', '/codec/encode', { payloads: [plain] });
  expect(encoded.status).toBe(200);
  const [hidden] = (encoded.body as { payloads: (typeof plain)[] }).payloads;
  expect(Buffer.from(hidden?.data ?? '', 'base64').toString('latin1')).not.toContain('hunter2');
  const decoded = await call('POST', '/codec/decode', { payloads: [hidden] });
  expect(decoded).toMatchObject({ status: 200, body: { payloads: [plain] } });
});

test('/codec/decode takes the Web UI as asker and no other site', async () => {
  const preflight = { 'X-Namespace': 'default', 'Access-Control-Request-Method': 'POST' };
  const ui = await call('OPTIONS', '/codec/decode', null, { ...preflight, Origin: TEMPORAL_UI });
  expect(ui).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': TEMPORAL_UI } });
  expect(ui.headers['access-control-allow-headers']).toContain('X-Namespace');
  const other = await call('OPTIONS', '/codec/decode', null, { ...preflight, Origin: 'https://evil.example' });
  expect(other.headers['access-control-allow-origin']).not.toBe('https://evil.example');
});

test.each([
  ['a body of another shape', { payloads: 'x' }],
  ['a body that is no JSON', '{bad'],
])('/codec/decode refuses %s with 400', async (_what, body) => {
  const reply = await call('POST', '/codec/decode', body);
  expect(reply.status).toBe(400);
  expect(isObject(reply.body) && reply.body['faultstring']).toEqual(expect.any(String));
});

test('a payload that was tampered with is refused, and its bytes are not told', async () => {
  const { body } = await call('POST', '/codec/encode', { payloads: [plain] });
  const [hidden] = (body as { payloads: (typeof plain)[] }).payloads;
  const bytes = Buffer.from(hidden?.data ?? '', 'base64');
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  const reply = await call('POST', '/codec/decode', { payloads: [{ ...hidden, data: bytes.toString('base64') }] });
  expect(reply.status).toBeGreaterThanOrEqual(400);
  expect(JSON.stringify(reply.body)).not.toContain('hunter2');
});

test('an oversized body is refused with 413', async () => {
  expect((await call('POST', '/v1/webhooks/any', { k: 'x'.repeat(1_100_000) })).status).toBe(413);
});

test('the OpenAPI document has every route that answers', async () => {
  const { body } = await call('GET', '/openapi.json');
  const paths = Object.keys((body as { paths: object }).paths);
  for (const path of ['/executions/{id}', '/packs/views/file/{ref_or_id}/{path}', '/actions/{ref_or_id}/clone']) {
    expect(paths).toContain(`/api/v1${path}`);
  }
});
