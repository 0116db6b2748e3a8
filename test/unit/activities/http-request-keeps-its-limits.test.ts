import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { createActionRunners } from '../../../activities/runners/registry';
import { BODY_LIMIT } from '../../../activities/runners/http/response';
import { createSupervisor } from '../../../activities/supervisor/client';
import { isJsonObject } from '../../../src/model/json';
import type { JsonObject } from '../../../src/model/json';
import { runInput } from '../../helpers/run-input';

const seen: string[] = [];
const server = createServer((request, response) => {
  const path = request.url ?? '';
  seen.push(`${request.method} ${path} ${request.headers.authorization ?? '-'}`);
  if (path === '/silent') return;
  if (path === '/elsewhere') return void response.writeHead(302, { Location: `http://localhost:${port()}/end` }).end();
  if (path === '/loop') return void response.writeHead(302, { Location: '/loop' }).end();
  if (path === '/zip') {
    return void response
      .writeHead(200, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Encoding': 'gzip' })
      .end(gzipSync('{"zipped":true}'));
  }
  if (path === '/huge')
    return void response.writeHead(200, { 'Content-Type': 'text/plain' }).end('x'.repeat(BODY_LIMIT + 1));
  response.end('ok');
});
const port = () => (server.address() as AddressInfo).port;

describe('http-request', () => {
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, resolve)));
  afterAll(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => seen.splice(0));

  const runners = createActionRunners({ supervisor: createSupervisor({ script: '/unused' }), apiUrl: '' });
  const ask = async (path: string, more: JsonObject = {}, options: { method?: string; signal?: AbortSignal } = {}) => {
    const input = runInput(
      { url: `http://127.0.0.1:${port()}${path}`, ...more },
      { runner: 'http-request', actionParameters: { method: options.method ?? 'GET' } },
    );
    const control = { signal: options.signal ?? new AbortController().signal, heartbeat: () => undefined };
    const { status, result } = await runners.run(input, control);
    if (!isJsonObject(result)) throw new Error('no object');
    return { status, result };
  };

  it('a redirect does not lead around the host lists', async () => {
    const { status, result } = await ask('/elsewhere', { allow_redirects: true, url_hosts_blacklist: ['localhost'] });
    expect([status, result['error']]).toEqual(['failed', `URL "http://localhost:${port()}/end" is blacklisted`]);
    expect(seen).toHaveLength(1);
  });

  it('credentials stay with their origin, and a redirected POST becomes a GET', async () => {
    await ask('/elsewhere', { allow_redirects: true, username: 'u', password: 'p' }, { method: 'POST' });
    expect(seen).toEqual(['POST /elsewhere Basic dTpw', 'GET /end -']);
  });

  it('redirects that never end do end', async () => {
    const { result } = await ask('/loop', { allow_redirects: true });
    expect([result['error'], seen.length]).toEqual(['Exceeded 30 redirects.', 31]);
  });

  it('unpacks what is packed', async () => {
    expect((await ask('/zip')).result).toMatchObject({ body: { zipped: true }, parsed: true });
  });

  it('cuts a body at the limit, with a mark', async () => {
    const { status, result } = await ask('/huge');
    expect(status).toBe('succeeded');
    expect(String(result['body']).slice(BODY_LIMIT)).toBe(`\n[everstorm: cut here after ${BODY_LIMIT} bytes]`);
  });

  it('cancel ends a request that waits', async () => {
    const abort = new AbortController();
    const running = ask('/silent', {}, { signal: abort.signal });
    while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    abort.abort();
    expect((await running).status).toBe('canceled');
  });
});
