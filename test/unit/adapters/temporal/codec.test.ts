import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import { codecKeyId, createCodec } from '../../../../src/adapters/temporal/codec';
import { createCodecEndpoint } from '../../../../src/adapters/temporal/codec-endpoint';
import { loadCodecKey, parseCodecKey } from '../../../../src/adapters/temporal/keys';

const key = new Uint8Array(32).fill(1);
const other = new Uint8Array(32).fill(2);
const plain = (value: unknown): Payload => defaultPayloadConverter.toPayload(value as string);
const textOf = (payload: Payload | undefined): string => Buffer.from(payload?.data ?? []).toString('latin1');
const valueOf = (payload: Payload | undefined): unknown => payload && defaultPayloadConverter.fromPayload(payload);

describe('codec', () => {
  test('what it encodes is unreadable and never twice the same, and decodes to the same payload', async () => {
    const codec = createCodec(key);
    const [one, two] = await codec.encode([plain('a secret'), plain('a secret')]);
    expect(textOf(one)).not.toContain('secret');
    expect(textOf(one)).not.toBe(textOf(two));
    expect(Buffer.from(one?.metadata?.['encoding'] ?? []).toString()).toBe('binary/encrypted');
    expect((await codec.decode([one as Payload])).map(valueOf)).toEqual(['a secret']);
  });

  test('a payload that was never encrypted passes', async () => {
    expect((await createCodec(key).decode([plain('clear')])).map(valueOf)).toEqual(['clear']);
  });

  test('an older key still decodes; a key that is not there is named', async () => {
    const old = await createCodec(other).encode([plain('x')]);
    expect((await createCodec(key, [other]).decode(old)).map(valueOf)).toEqual(['x']);
    await expect(createCodec(key).decode(old)).rejects.toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringContaining(codecKeyId(other)),
    });
  });

  test('altered data is refused', async () => {
    const codec = createCodec(key);
    const [sealed] = await codec.encode([plain('x')]);
    const data = Uint8Array.from(sealed?.data ?? []);
    data[data.length - 1] = (data.at(-1) ?? 0) ^ 1;
    await expect(codec.decode([{ ...sealed, data }])).rejects.toMatchObject({ code: 'CONFIGURATION' });
  });
});

describe('codec endpoint', () => {
  const endpoint = createCodecEndpoint(createCodec(key));
  const base64 = (text: string): string => Buffer.from(text).toString('base64');

  test('encode and decode speak the remote codec protocol', async () => {
    const body = { payloads: [{ metadata: { encoding: base64('json/plain') }, data: base64('"hi"') }] };
    const encoded = await endpoint.encode(body);
    expect(encoded.payloads?.[0]?.metadata?.['encoding']).toBe(base64('binary/encrypted'));
    expect(await endpoint.decode(JSON.parse(JSON.stringify(encoded)))).toEqual(body);
  });

  test.each([[null], [{ payloads: 'x' }], [{ payloads: [{ data: 1 }] }]])('%j is refused', async (body) => {
    await expect(endpoint.decode(body)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  });
});

describe('keys', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everstorm-keys-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each(['base64', 'hex'] as const)('%s text is read', (encoding) => {
    expect(parseCodecKey(`${Buffer.from(other).toString(encoding)}\n`, 'test')).toEqual(other);
  });

  test('a key that is too short is refused, without showing it', () => {
    expect(() => parseCodecKey('c2hvcnQ=', 'test')).toThrow(expect.objectContaining({ code: 'CONFIGURATION' }));
    expect(() => parseCodecKey('c2hvcnQ=', 'test')).not.toThrow(/c2hvcnQ/);
  });

  test('a generated key is made once, for its owner only, also by racing processes', async () => {
    const generateAt = join(folder, 'new', 'codec.key');
    const keys = await Promise.all([loadCodecKey({ generateAt }), loadCodecKey({ generateAt })]);
    expect(keys[0]).toEqual(keys[1]);
    expect((await stat(generateAt)).mode & 0o777).toBe(0o600);
    expect(parseCodecKey(await readFile(generateAt, 'utf8'), 'test')).toEqual(keys[0]);
  });

  test('the given key comes before the file, the file before a generated one', async () => {
    const keyFile = join(folder, 'given.key');
    await writeFile(keyFile, Buffer.from(other).toString('hex'));
    const generateAt = join(folder, 'unused.key');
    expect(await loadCodecKey({ key: Buffer.from(key).toString('hex'), keyFile })).toEqual(key);
    expect(await loadCodecKey({ keyFile, generateAt })).toEqual(other);
    await expect(loadCodecKey({ keyFile: join(folder, 'absent') })).rejects.toMatchObject({ code: 'CONFIGURATION' });
    await expect(loadCodecKey({})).rejects.toMatchObject({ code: 'CONFIGURATION' });
  });
});
