import { rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { canonicalJson } from '../../../src/model/canonical-json';
import { resourceId } from '../../../src/model/ids';
import type { JsonValue } from '../../../src/model/json';
import type { SensorType } from '../../../src/model/sensor';
import { until } from '../temporal/support';
import type { Path, Reply } from './golden';
import { describeWithRecordings, isObject, loadRecording, send, steady, steadyHeaders } from './golden';
import { recordedPackFiles, writeSensor } from './golden-packs';
import { startPlatform } from './platform';
import type { TestPlatform } from './platform';

jest.mock('@electric-sql/pglite', () => jest.requireActual('../../helpers/native-pglite'));

/** What the recordings are about: the delivery of recording 164, the enforcement and the execution of rule 125 it led to. */
const INSTANCE = '6b0395d648309500aa4eaeed';
const ENFORCEMENT = '6b0395d748309500aa4eaef3';
const RULE = '6b0395d4f4b59e2ab1c03faa';

interface Difference {
  why: string;
  /** Both have these; only their kind is compared. */
  kind?: readonly Path[];
  /** Only Everstorm, or only the recorded StackStorm, has these. */
  ours?: readonly Path[];
  theirs?: readonly Path[];
}
const VERSION = 'an enforcement of ours names the version of the rules it was made with';

/** What differs on purpose, and why; everything else is compared by value. */
const DIFFERENT: Record<number, Difference> = {
  193: { why: VERSION, ours: ['rule_set_version'] },
  194: { why: VERSION, ours: ['rule_set_version'] },
  195: { why: VERSION, ours: ['0.rule_set_version'] },
  224: {
    why: 'core is our own pack: another version, author and set of files, for Python 3 alone, and nobody to write to',
    kind: ['version', 'author'],
    ours: ['files', 'python_versions'],
    theirs: ['files', 'python_versions', 'email'],
  },
};

/** Places of lists that StackStorm gives in the order its disk or database has them; ours are sorted. */
const UNORDERED: Record<number, readonly Path[]> = { 223: ['0.files', '1.files'], 248: [''] };

let platform: TestPlatform;
let packs: string;
const ids = new Map([[RULE, resourceId('rule:bench:golden_r1')]]);

const json = (method: string, path: string, body: unknown = null): Promise<Reply> =>
  send(platform.base, { method, path, headers: { 'Content-Type': 'application/json' }, body });

/** A copy of the document in which the value at a place is what `change` makes of it; undefined removes it. */
function at(document: unknown, path: Path, change: (value: unknown) => unknown): unknown {
  if (path === '') return change(document);
  const [head = '', ...rest] = path.split('.');
  if (Array.isArray(document))
    return document.map((row, n) => (String(n) === head ? at(row, rest.join('.'), change) : row));
  if (!isObject(document) || !Object.hasOwn(document, head)) throw new Error(`nothing at ${path}`);
  return { ...document, [head]: at(document[head], rest.join('.'), change) };
}
const without = (document: unknown, paths: readonly Path[] = []): unknown =>
  paths.reduce((rest, path) => at(rest, path, () => undefined), document);
const key = (row: unknown): string => canonicalJson(row as JsonValue);
const sorted = (value: unknown): unknown => [...(value as unknown[])].sort((a, b) => (key(a) < key(b) ? -1 : 1));

async function replay(number: number): Promise<Reply> {
  const recording = loadRecording(number, ids);
  const reply = await send(platform.base, recording.request);
  const { kind = [], ours, theirs } = DIFFERENT[number] ?? { why: '' };
  const comparable = (body: unknown, only: readonly Path[] = []): unknown =>
    without(
      (UNORDERED[number] ?? []).reduce((rest, path) => at(rest, path, sorted), steady(body, { packs, except: kind })),
      only,
    );
  expect({ status: reply.status, body: comparable(reply.body, ours) }).toEqual({
    status: recording.status,
    body: comparable(recording.body, theirs),
  });
  // An exception that is needed no more must go.
  if (DIFFERENT[number]) expect(steady(reply.body, { packs })).not.toEqual(steady(recording.body));
  const [expected, got] = steadyHeaders(recording.headers, reply.headers);
  expect(got).toEqual(expected);
  return reply;
}

/** Recording 164 with the headers that its client sent by itself: they are part of the event. */
function deliver(): Promise<string> {
  const { path } = loadRecording(164).request;
  const { headers } = (loadRecording(187).body as { payload: { headers: Record<string, string> } }).payload;
  const { 'X-Request-Id': _givenByTheServer, ...sent } = headers;
  return new Promise((done, fail) => {
    const request = httpRequest(platform.base + path, { method: 'POST', headers: sent, agent: false }, (response) => {
      response.resume();
      response.on('end', () => done(String(response.headers['x-trigger-instance'])));
    });
    request.removeHeader('Connection');
    request.on('error', fail);
    request.end('{"k": "v"}');
  });
}

const rows = async (path: string): Promise<Record<string, unknown>[]> =>
  ((await json('GET', path)).body as unknown[]).filter(isObject);

/** Waits until an event has led to this many executions and they are done. */
const executed = (instance: string, count: number): Promise<unknown> =>
  until(`${count} executions of ${instance}`, async () => {
    const found = await rows(`/v1/executions?trigger_instance=${instance}`);
    return found.length === count && found.every(({ status }) => status === 'succeeded');
  });

const statusReached = (instance: string, status: string): Promise<unknown> =>
  until(`${status} of ${instance}`, async () => {
    const { body } = await json('GET', `/v1/triggerinstances/${instance}`);
    return isObject(body) && body['status'] === status;
  });

describeWithRecordings()('recorded events, packs and sensors', () => {
  beforeAll(async () => {
    packs = recordedPackFiles();
    platform = await startPlatform({ packPaths: [packs], rules: true });
    const { request } = loadRecording(125);
    expect((await json('POST', request.path, request.body)).status).toBe(201);
    const instance = await deliver();
    ids.set(INSTANCE, instance);
    await executed(instance, 1);
    const [enforcement] = await rows(`/v1/ruleenforcements?trigger_instance=${instance}`);
    ids.set(ENFORCEMENT, String(enforcement?.['id']));
  }, 120_000);
  afterAll(async () => {
    await platform.stop();
    rmSync(packs, { recursive: true, force: true });
  }, 60_000);

  test.each([187, 193, 194, 195])('recording %i, of an event that a rule matched, is met', async (number) => {
    await replay(number);
  });

  test('recording 189 is met: the event goes into the log again, and its rule matches again', async () => {
    const again = String((await replay(189)).headers['x-trigger-instance']);
    await executed(again, 1);
    const { body } = await json('GET', `/v1/triggerinstances/${again}`);
    expect(body).toMatchObject({ payload: { __context: { original_id: ids.get(INSTANCE) }, body: { k: 'v' } } });
  });

  test('recording 186 is met: of the events with this status the newest', async () => {
    const [recorded] = loadRecording(186).body as { trigger: string; payload: unknown }[];
    // That executions end is no event of Everstorm's yet, so the event is injected.
    const injected = await json('POST', '/v1/webhooks/st2', { trigger: recorded?.trigger, payload: recorded?.payload });
    expect(injected.status).toBe(202);
    await statusReached(String(injected.headers['x-trigger-instance']), 'processed');
    const { instanceId } = await platform.kafka.eventLog.publish({
      trigger: 'nosuch.trigger',
      source: '/test',
      eventId: 'refused',
      occurredAt: new Date(Date.now() + 1_000).toISOString(),
      payload: {},
    });
    await statusReached(instanceId, 'processing_failed');
    const { headers } = await replay(186);
    expect(Number(headers['x-total-count'])).toBe(3);
    expect(await rows('/v1/triggerinstances?status=processing_failed')).toMatchObject([{ id: instanceId }]);
  });

  test.each([223, 224, 248])('recording %i, of packs and their sensors, is met', async (number) => {
    await replay(number);
  });

  test('recordings 249 and 251, of a polling sensor, are met, and the switch is kept', async () => {
    const sensor = loadRecording(249).body as SensorType;
    ids.set(sensor.id, resourceId(sensor.uid));
    writeSensor(packs, sensor);
    expect((await json('POST', '/v1/packs/register', { packs: [sensor.pack], types: ['sensor'] })).status).toBe(200);
    await replay(249);
    const path = `/v1/sensortypes/${sensor.ref}`;
    expect((await json('PUT', path, { ...sensor, enabled: true })).body).toMatchObject({ enabled: true });
    await replay(251);
    expect((await json('GET', path)).body).toMatchObject({ enabled: false });
  });
});
