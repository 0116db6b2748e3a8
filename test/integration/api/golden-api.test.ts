import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '../../../src/model/canonical-json';
import { resourceId } from '../../../src/model/ids';
import type { JsonValue } from '../../../src/model/json';
import type { Path } from './golden';
import { describeWithRecordings, isObject, loadRecording, send, steady, steadyHeaders } from './golden';
import { ISPRIME, recordedPacks, seedRecordedDefinitions } from './golden-world';
import { startPlatform } from './platform';
import type { TestPlatform } from './platform';

jest.mock('@electric-sql/pglite', () => jest.requireActual('../../helpers/native-pglite'));

/** Recordings that must be met, in this order: later ones are about what earlier ones made. */
const NUMBERS = [
  1, 2, 4, 5, 6, 7, 8, 11, 12, 14, 15, 16, 17, 18, 19, 20, 22, 23, 24, 25, 26, 27, 29, 30, 32, 34, 45, 35, 37, 41, 46, 51, 52, 59, 61, 75,
  76, 79, 80, 81, 86, 94, 99, 197, 125, 129, 131, 135, 138, 140, 141, 142, 143, 148, 150, 153, 154, 156, 157, 158, 160, 163, 164, 165, 168,
  170, 173, 174, 175, 176, 178, 181, 177, 183, 188, 190, 225, 227, 230, 231, 242, 246, 247, 301, 302,
]; // prettier-ignore

const MONGO = 'the text is that of its database, Mongo; ours names the uid in the way';
const PARSER = 'the words are those of its JSON parser; ours tells the position and never quotes the body';
const META_SCHEMA =
  'it fills an output schema that was not sent with the defaults of its meta schema, which constrain nothing; ours stays empty';

/** What differs on purpose, and why: of these places only the kind is compared. Everything else is compared by value. */
const DIFFERENT: Record<number, { at: Path[]; why: string }> = {
  1: { at: ['version', 'docs_url'], why: 'the version is ours' },
  22: { at: ['output_schema'], why: META_SCHEMA },
  23: { at: ['faultstring'], why: MONGO },
  25: { at: ['faultstring'], why: 'ours leaves out the link to the upgrade notes of StackStorm 0.9' },
  29: { at: ['faultstring'], why: PARSER },
  32: { at: ['output_schema'], why: META_SCHEMA },
  150: { at: ['trigger.description'], why: 'descriptions of core trigger types are in our own words' },
  160: { at: ['faultstring'], why: PARSER },
  174: { at: ['faultstring'], why: MONGO },
  302: { at: ['output_schema'], why: META_SCHEMA },
};

/** Ids in the paths of recorded requests, and whose they are. */
const IDS = new Map([
  ['6b0395d4f4b59e2ab1c03faa', resourceId('rule:bench:golden_r1')],
  ['6b039262a23bf00b776f9ce3', resourceId('trigger:core:st2.generic.actiontrigger:99914b932bd37a50b983c5e7c90ae93b')],
]);

/** Lists that StackStorm gives in the order its database has them; ours are sorted. */
const UNORDERED: ReadonlySet<number> = new Set([153, 177]);

let platform: TestPlatform;
let packs: string;

const sorted = (value: unknown): unknown => {
  const key = (row: unknown): string => canonicalJson(row as JsonValue);
  return Array.isArray(value) ? [...value].sort((a, b) => (key(a) < key(b) ? -1 : 1)) : value;
};

const json = (method: string, path: string, body: unknown) =>
  send(platform.base, { method, path, headers: { 'Content-Type': 'application/json' }, body });

/** Requests between the recorded ones that left a trace in them but are not recorded. */
const BEFORE: Record<number, () => Promise<unknown>> = {
  150: () =>
    json('PUT', '/v1/rules/bench.golden_r1', { ...(loadRecording(125).request.body as object), description: 'upd2' }),
};

describeWithRecordings()('recordings', () => {
  beforeAll(async () => {
    packs = recordedPacks();
    platform = await startPlatform({ packPaths: [packs] });
    await seedRecordedDefinitions(platform.store);
  }, 120_000);
  afterAll(async () => {
    await platform.stop();
    rmSync(packs, { recursive: true, force: true });
  }, 60_000);

  test.each(NUMBERS)('recording %i is met', async (number) => {
    await BEFORE[number]?.();
    const recording = loadRecording(number, IDS);
    const reply = await send(platform.base, recording.request);
    const told = isObject(reply.body) ? reply.body['faultstring'] : undefined;
    if (reply.status !== recording.status)
      throw new Error(`${reply.status} instead of ${recording.status}: ${String(told)}`);
    const [expected, got] = steadyHeaders(recording.headers, reply.headers);
    expect(got).toEqual(expected);
    if (recording.body === null) return;
    const comparable = (body: unknown, except: readonly Path[] = []): unknown => {
      const rows = steady(body, { packs, except });
      return UNORDERED.has(number) ? sorted(rows) : rows;
    };
    const { at = [] } = DIFFERENT[number] ?? {};
    expect(comparable(reply.body, at)).toEqual(comparable(recording.body, at));
    // An exception that is needed no more must go.
    if (at.length > 0) expect(comparable(reply.body)).not.toEqual(comparable(recording.body));
  });

  test('what a clone wrote is the renamed metadata, comments included, and the program', async () => {
    const read = (name: string): string => readFileSync(join(packs, 'bench/actions', name), 'utf8');
    const expected = ISPRIME.metadata
      .replace('name: isprime', 'name: golden_clone')
      .replace('pack: examples', 'pack: bench')
      .replace('isprime.py', 'golden_clone.py')
      .replace('.  #', '. #');
    expect(read('golden_clone.yaml')).toBe(expected);
    expect(read('golden_clone.py')).toBe(ISPRIME.program);
    const { body } = await json('POST', '/v1/packs/register', { packs: ['bench'], types: ['action'] });
    expect(body).toMatchObject({ actions: 1 });
    const { body: registered } = await json('GET', '/v1/actions/bench.golden_clone', null);
    expect(steady(registered)).toEqual(steady(loadRecording(35).body));
  });
});
