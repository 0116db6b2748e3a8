import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { send } from './golden';
import { startPlatform } from './platform';
import type { TestPlatform } from './platform';

jest.mock('@electric-sql/pglite', () => jest.requireActual('../../helpers/native-pglite'));

let platform: TestPlatform;
let packs: string;
let outside: string;

const call = (method: string, path: string, body: unknown = null, headers: Record<string, string> = {}) =>
  send(platform.base, { method, path, headers: { 'Content-Type': 'application/json', ...headers }, body });
const file = (path: string, headers: Record<string, string> = {}) =>
  call('GET', `/v1/packs/views/file/tools/${path}`, null, headers);

const METADATA = `# kept
name: greet
runner_type: local-shell-script
entry_point: sub/greet.sh
parameters:
  who: { type: string, default: "yes" } # quoted
`;

function makePacks(): string {
  const directory = mkdtempSync(join(tmpdir(), 'pack-files-'));
  const write = (name: string, content: string | Buffer): void => writeFileSync(join(directory, name), content);
  for (const pack of ['tools', 'dest']) {
    mkdirSync(join(directory, pack, 'actions/sub'), { recursive: true });
    write(`${pack}/pack.yaml`, `ref: ${pack}\nname: ${pack}\ndescription: d\nversion: 1.0.0\nauthor: a\n`);
  }
  write('tools/actions/greet.yaml', METADATA);
  write('tools/actions/sub/greet.sh', '#!/bin/sh\necho hello\n');
  chmodSync(join(directory, 'tools/actions/sub/greet.sh'), 0o755);
  write('tools/actions/gone.yaml', 'name: gone\nrunner_type: local-shell-script\nentry_point: none.sh\n');
  write('tools/icon.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0xff, 0xfe]));
  write('tools/README.md', '# Töpfe\n');
  write('tools/big.txt', 'x'.repeat(500_001));
  symlinkSync(resolve(__dirname, '../../../packs/core'), join(directory, 'core'));
  return directory;
}

beforeAll(async () => {
  packs = makePacks();
  outside = mkdtempSync(join(tmpdir(), 'outside-'));
  writeFileSync(join(outside, 'secret.txt'), 'top-secret');
  symlinkSync(join(outside, 'secret.txt'), join(packs, 'tools/link.txt'));
  symlinkSync('README.md', join(packs, 'tools/inner.md'));
  platform = await startPlatform({ packPaths: [packs] });
}, 120_000);
afterAll(async () => {
  await platform.stop();
  for (const directory of [packs, outside]) rmSync(directory, { recursive: true, force: true });
}, 60_000);

describe('files of packs', () => {
  test('come with their bytes and the media type of their name', async () => {
    expect(await file('README.md')).toMatchObject({
      status: 200,
      body: '# Töpfe\n',
      headers: { 'content-type': 'text/markdown' },
    });
    expect((await file('actions/greet.yaml')).headers['content-type']).toBe('application/octet-stream');
    expect((await file('inner.md')).body).toBe('# Töpfe\n');
    const icon = await fetch(`${platform.base}/v1/packs/views/file/tools/icon.png`);
    expect(icon.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await icon.arrayBuffer())).toEqual(readFileSync(join(packs, 'tools/icon.png')));
  });

  test('are not sent again to who has them, by tag or by time, and are when they changed', async () => {
    const first = await file('README.md');
    const etag = String(first.headers['etag']);
    const modified = String(first.headers['last-modified']);
    expect(modified).toBe(statSync(join(packs, 'tools/README.md')).mtime.toUTCString());
    for (const headers of [
      { 'If-None-Match': etag },
      { 'If-None-Match': `"x", W/${etag}` },
      { 'If-Modified-Since': modified },
    ]) {
      const again = await file('README.md', headers as Record<string, string>);
      expect(again).toMatchObject({ status: 304, body: '', headers: { etag, 'last-modified': modified } });
    }
    expect((await file('README.md', { 'If-None-Match': '"other"', 'If-Modified-Since': modified })).status).toBe(200);
    expect((await file('README.md', { 'If-Modified-Since': 'no date' })).status).toBe(200);
    const later = new Date(Date.now() + 5_000);
    utimesSync(join(packs, 'tools/README.md'), later, later);
    expect((await file('README.md', { 'If-None-Match': etag })).status).toBe(200);
    expect((await file('README.md', { 'If-Modified-Since': modified })).status).toBe(200);
  });

  test.each(['..%2F..%2Fetc/passwd', 'actions/..%2f..%2f..%2fsecret.txt', '%2Fetc%2Fpasswd', 'a%00b'])(
    'a path that climbs out (%s) is refused',
    async (path) => {
      const reply = await file(path);
      expect(reply.status).toBe(400);
      expect(JSON.stringify(reply.body)).not.toContain('root:');
    },
  );

  test('a path that climbs out unescaped is refused', async () => {
    const { hostname, port } = new URL(platform.base);
    // With `path` given by itself, so that the client does not resolve the dots.
    const path = '/v1/packs/views/file/tools/../../../../../../../../etc/passwd';
    const status = await new Promise((done, fail) => {
      const request = httpRequest({ hostname, port, path }, (response) => done(response.resume().statusCode));
      request.on('error', fail).end();
    });
    expect(status).toBe(400);
  });

  test('a link out of the pack, a directory and a missing file are none; a file that is too large is told so', async () => {
    for (const path of ['link.txt', 'actions', 'nosuch']) {
      expect(await file(path)).toMatchObject({ status: 404, body: { faultstring: `File "${path}" not found` } });
    }
    expect(await file('big.txt')).toMatchObject({ status: 400 });
    expect((await call('GET', '/v1/packs/views/file/nosuch/pack.yaml')).status).toBe(404);
  });

  test('are listed as texts, without what is binary, too large or a link out', async () => {
    const { status, body } = await call('GET', '/v1/packs/views/files/tools');
    expect(status).toBe(200);
    const paths = (body as { file_path: string }[]).map(({ file_path: path }) => path);
    expect(paths).toEqual([
      'README.md',
      'actions/gone.yaml',
      'actions/greet.yaml',
      'actions/sub/greet.sh',
      'pack.yaml',
    ]);
    expect(body).toContainEqual({ file_path: 'actions/greet.yaml', content: METADATA });
  });
});

describe('a clone', () => {
  const clone = (source: string, body: object) => call('POST', `/v1/actions/${source}/clone`, body);
  const inDest = (name: string): string => join(packs, 'dest/actions', name);

  test('has its program in the same folder, executable, and runs', async () => {
    expect(await clone('tools.greet', { dest_pack: 'dest', dest_action: 'hi' })).toMatchObject({
      status: 201,
      body: { ref: 'dest.hi', entry_point: 'sub/hi.sh', metadata_file: 'actions/hi.yaml' },
    });
    expect(statSync(inDest('sub/hi.sh')).mode & 0o777).toBe(0o755);
    const expected = METADATA.replace('name: greet', 'name: hi').replace('greet.sh', 'hi.sh');
    expect(readFileSync(inDest('hi.yaml'), 'utf8')).toBe(expected);
    const { body } = await call('GET', '/v1/packs/dest');
    expect((body as { files: string[] }).files).toContain('actions/hi.yaml');
  });

  test('is refused with 409 where there is an action or a file already, and changes nothing', async () => {
    await clone('tools.greet', { dest_pack: 'dest', dest_action: 'once' });
    writeFileSync(inDest('once.yaml'), METADATA.replace('name: greet', 'name: once'));
    writeFileSync(inDest('foreign.yaml'), 'somebody’s\n');
    for (const name of ['once', 'foreign']) {
      const before = readFileSync(inDest(`${name}.yaml`), 'utf8');
      expect((await clone('tools.greet', { dest_pack: 'dest', dest_action: name })).status).toBe(409);
      expect(readFileSync(inDest(`${name}.yaml`), 'utf8')).toBe(before);
    }
    expect(existsSync(inDest('sub/foreign.sh'))).toBe(false);
    expect((await clone('tools.greet', { dest_pack: 'dest', dest_action: 'once', overwrite: true })).status).toBe(201);
    expect(readFileSync(inDest('once.yaml'), 'utf8')).toContain('entry_point: sub/once.sh');
    expect(readdirSync(join(packs, 'dest/actions')).filter((name) => name.startsWith('.'))).toEqual([]);
    rmSync(inDest('foreign.yaml'));
  });

  test.each([
    ['a system pack', { dest_pack: 'core', dest_action: 'x' }],
    ['an unknown pack', { dest_pack: 'nosuch', dest_action: 'x' }],
    ['a name that climbs out', { dest_pack: 'dest', dest_action: '../../x' }],
    ['a hidden name', { dest_pack: 'dest', dest_action: '.x' }],
    ['no name', { dest_pack: 'dest' }],
  ])('into %s is refused with 400', async (_what, body) => {
    expect((await clone('tools.greet', body)).status).toBe(400);
    expect(existsSync(join(packs, 'x.yaml'))).toBe(false);
  });

  test('of an unknown action is 404, and of one whose program is not on disk an error that leaves nothing behind', async () => {
    expect((await clone('tools.nosuch', { dest_pack: 'dest', dest_action: 'x' })).status).toBe(404);
    expect((await clone('tools.gone', { dest_pack: 'dest', dest_action: 'gone' })).status).toBe(500);
    expect(existsSync(inDest('gone.yaml'))).toBe(false);
    expect((await call('GET', '/v1/actions/dest.gone')).status).toBe(404);
  });
});

describe('a runner', () => {
  const run = () => call('POST', '/v1/executions', { action: 'core.noop', parameters: {} });
  const change = (body: object) => call('PUT', '/v1/runnertypes/noop', body);

  test('that is switched off refuses executions until it is switched on; nothing else of it can be changed', async () => {
    expect(await change({ enabled: false, description: 'mine' })).toMatchObject({
      status: 200,
      body: { enabled: false },
    });
    expect(await run()).toMatchObject({
      status: 400,
      body: { faultstring: 'Unable to execute. Runner "noop" of action "core.noop" is disabled.' },
    });
    const { body } = await call('GET', '/v1/runnertypes/noop');
    expect(body).toMatchObject({ enabled: false });
    expect(body).not.toMatchObject({ description: 'mine' });
    expect((await call('GET', '/v1/runnertypes?name=noop')).body).toMatchObject([{ enabled: false }]);
    expect((await call('POST', '/v1/packs/register', {})).status).toBe(200);
    expect((await run()).status).toBe(400);
    expect((await change({ enabled: true })).status).toBe(200);
    expect((await run()).status).toBe(201);
  });

  test('that is unknown is 404, and a change without `enabled` 400', async () => {
    expect((await call('PUT', '/v1/runnertypes/nosuch', { enabled: true })).status).toBe(404);
    expect((await change({})).status).toBe(400);
  });
});

describe('a definition that changes its name', () => {
  const rule = (name: string) => ({
    name,
    pack: 'default',
    trigger: { type: 'core.st2.webhook', parameters: { url: 'renamed' } },
    action: { ref: 'core.noop' },
  });

  test('leaves its old ref and does not take the place of another', async () => {
    expect((await call('POST', '/v1/rules', rule('before'))).status).toBe(201);
    expect((await call('POST', '/v1/rules', rule('other'))).status).toBe(201);
    const after = await call('PUT', '/v1/rules/default.before', rule('after'));
    expect(after).toMatchObject({ status: 200, body: { ref: 'default.after' } });
    expect((await call('GET', '/v1/rules/default.before')).status).toBe(404);
    const { id } = after.body as { id: string };
    expect(await call('PUT', `/v1/rules/${id}`, rule('other'))).toMatchObject({
      status: 409,
      body: { faultstring: 'Tried to save duplicate unique keys (uid: "rule:default:other")' },
    });
    expect(await call('GET', `/v1/rules/${id}`)).toMatchObject({ status: 200, body: { ref: 'default.after' } });
  });

  test('can give its old name to a new one', async () => {
    await call('POST', '/v1/rules', rule('first'));
    expect((await call('PUT', '/v1/rules/default.first', rule('second'))).status).toBe(200);
    expect((await call('POST', '/v1/rules', rule('first'))).status).toBe(201);
  });

  test('leaves no trigger behind when it is refused', async () => {
    await call('POST', '/v1/rules', rule('kept'));
    const elsewhere = { ...rule('kept'), trigger: { type: 'core.st2.webhook', parameters: { url: 'elsewhere' } } };
    expect((await call('POST', '/v1/rules', elsewhere)).status).toBe(409);
    expect((await call('POST', '/v1/webhooks/elsewhere', {})).status).toBe(404);
  });
});
