import { until } from '../temporal/support';
import type { Recording, Reply } from './golden';
import { describeWithRecordings, isObject, loadRecording, send, steady, steadyHeaders } from './golden';
import { startPlatform } from './platform';
import type { TestPlatform } from './platform';

jest.mock('@electric-sql/pglite', () => jest.requireActual('../../helpers/native-pglite'));

/** Executions that the recordings are about: `echo golden`, done; `sleep 30`, running and then cancelled. */
const ECHO = '6b0395c2f4b59e2ab1c03f7b';
const SLEEP = '6b0395c6f4b59e2ab1c03f99';
/** Recordings of what a done execution looks like, taken while it was the newest. */
const DONE = [49, 50, 51, 52, 53, 63, 64, 65, 66, 68, 69, 71, 92, 94, 98, 99, 101, 103];
const CREATE = [76, 81, 86, 91];
/** Lists, whose rows are those of this run. */
const LISTS = [57, 60];

let platform: TestPlatform;
const ids = new Map<string, string>();

const call = (method: string, path: string, body: unknown = null): Promise<Reply> =>
  send(platform.base, { method, path, headers: { 'Content-Type': 'application/json' }, body });

async function create(cmd: string): Promise<string> {
  const { status, body } = await call('POST', '/v1/executions', { action: 'core.local', parameters: { cmd } });
  expect(status).toBe(201);
  return (body as { id: string }).id;
}

const reached = (id: string, status: string): Promise<unknown> =>
  until(`${status} of ${id}`, async () => {
    const { body } = await call('GET', `/v1/executions/${id}`);
    return isObject(body) && body['status'] === status;
  });

async function replay(number: number): Promise<{ recording: Recording; reply: Reply }> {
  const recording = loadRecording(number, ids);
  const reply = await send(platform.base, recording.request);
  expect({ status: reply.status, body: steady(reply.body) }).toEqual({
    status: recording.status,
    body: LISTS.includes(number) ? expect.any(Array) : steady(recording.body),
  });
  const [expected, got] = steadyHeaders(recording.headers, reply.headers);
  expect(got).toEqual(expected);
  return { recording, reply };
}

describeWithRecordings()('recorded executions', () => {
  beforeAll(async () => {
    platform = await startPlatform();
    ids.set(ECHO, await create('echo golden'));
    await reached(ids.get(ECHO) ?? '', 'succeeded');
    // `last` is of the list, which follows what an execution itself says within a moment.
    await until('it is the last one', async () => (await call('GET', '/v1/executions/last')).status === 200);
  }, 120_000);
  afterAll(() => platform.stop(), 60_000);

  test.each(DONE)('recording %i, of a done execution, is met', async (number) => {
    await replay(number);
  });

  test.each(CREATE)('recording %i, which starts an execution, is met, and the execution succeeds', async (number) => {
    const { reply } = await replay(number);
    await reached((reply.body as { id: string }).id, 'succeeded');
  });

  test('recordings 95 and 97, of an execution that is running and then cancelled, are met', async () => {
    const id = await create('sleep 30');
    ids.set(SLEEP, id);
    await reached(id, 'running');
    await replay(95);
    expect((await call('DELETE', `/v1/executions/${id}`)).status).toBe(200);
    await reached(id, 'canceled');
    await replay(97);
  });

  test.each(LISTS)('recording %i, a list, is met: rows of its shape, oldest first', async (number) => {
    const { recording, reply } = await replay(number);
    const rows = reply.body as { start_timestamp: string }[];
    expect(rows.map((row) => steady(row))).toEqual((recording.body as unknown[]).map((row) => steady(row)));
    const starts = rows.map((row) => row.start_timestamp);
    expect(starts).toEqual([...starts].sort());
    expect(rows[0]).toMatchObject({ id: ids.get(ECHO) });
    expect(Number(reply.headers['x-total-count'])).toBe(6);
  });
});
