import type { IncomingMessage, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buildCli } from '../../../src/cli/build-cli';

let server: Server;
let url = '';
let requests: { line: string; body: unknown }[] = [];
let polls = 0;
let finalStatus = 'succeeded';

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? null : JSON.parse(text);
}

function answer(line: string): [number, unknown] {
  if (line === 'GET /api/v1/actions/core.local') {
    return [200, { runner_type: 'local-shell-cmd', parameters: { cmd: { type: 'string' } } }];
  }
  if (line.startsWith('GET /api/v1/runnertypes/'))
    return [200, { runner_parameters: { timeout: { type: 'integer' } } }];
  if (line === 'POST /api/v1/executions') return [201, { id: 'a1', status: 'requested' }];
  if (line === 'GET /api/v1/executions/a1') {
    polls += 1;
    return [200, { id: 'a1', status: polls < 3 ? 'running' : finalStatus, result: { stdout: 'hi' } }];
  }
  if (line.startsWith('GET /api/v1/rules?')) {
    return [200, [{ ref: 'p.r', enabled: true, trigger: { type: 't\u001b[31m' }, action: { ref: 'core.noop' } }]];
  }
  if (line === 'POST /api/v1/webhooks/st2') return [202, {}];
  return [404, { faultstring: 'no such thing' }];
}

beforeAll(async () => {
  server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const line = `${request.method} ${request.url}`;
      requests.push({ line, body });
      const [status, document] = answer(line);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(document));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  requests = [];
  polls = 0;
  finalStatus = 'succeeded';
});

async function everstorm(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const io = {
    stdout: (text: string) => void (out += text),
    stderr: (text: string) => void (err += text),
    env: { EVERSTORM_API_URL: url },
  };
  const code = await buildCli(io).run(words);
  return { code, out, err };
}

test('run casts by schema, waits for the end and answers 0', async () => {
  const { code, out } = await everstorm(
    'run',
    'core.local',
    'cmd=echo a=b',
    'timeout=5',
    '--trace-tag',
    't1',
    '--json',
  );
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ id: 'a1', status: 'succeeded' });
  expect(requests.find(({ line }) => line.startsWith('POST'))?.body).toEqual({
    action: 'core.local',
    parameters: { cmd: 'echo a=b', timeout: 5 },
    context: { trace_context: { trace_tag: 't1' } },
  });
  expect(polls).toBe(3);
});

test('run answers 1 when the execution failed', async () => {
  finalStatus = 'failed';
  const { code, err } = await everstorm('run', 'core.local', 'cmd=false');
  expect([code, err]).toEqual([1, 'everstorm: core.local ended as failed\n']);
});

test('what the server refuses is 1 with its text, and no stack', async () => {
  const { code, err } = await everstorm('execution', 'get', 'nope');
  expect([code, err]).toEqual([1, 'everstorm: no such thing\n']);
});

test.each([
  [['run', 'core.local', 'nosign']],
  [['run', 'core.local', 'timeout=soon']],
  [['nosuch']],
  [['trigger', 'emit', 'a.b', '--payload', '[1]']],
  [['--url', 'ftp://x', 'rule', 'list']],
])('wrong usage is 2: %j', async (words) => {
  const { code, err } = await everstorm(...words);
  expect(code).toBe(2);
  expect(err).not.toMatch(/\n\s+at /);
});

test('an unreachable server is 3', async () => {
  const { code, err } = await everstorm('--url', 'http://127.0.0.1:1', 'rule', 'list');
  expect(code).toBe(3);
  expect(err).toContain('no answer from http://127.0.0.1:1');
});

test('tables hold no control characters', async () => {
  const { code, out } = await everstorm('rule', 'list');
  expect(code).toBe(0);
  expect(out).toBe('REF  TRIGGER  ACTION     ENABLED\np.r  t [31m   core.noop  true\n');
});

test('trigger emit posts the payload', async () => {
  expect((await everstorm('trigger', 'emit', 'demo.alert', '--payload', '{"a":1}')).code).toBe(0);
  expect(requests).toEqual([{ line: 'POST /api/v1/webhooks/st2', body: { trigger: 'demo.alert', payload: { a: 1 } } }]);
});

test('pack validate works without a server and answers 1 for a bad pack', async () => {
  const good = await everstorm('pack', 'validate', join(__dirname, '../../../packs/demo'));
  expect([good.code, good.out]).toEqual([0, 'demo: 3 triggers, 2 sensors, 1 actions, 3 rules; 0 problems\n']);
  expect((await everstorm('pack', 'validate', join(__dirname, 'nosuch'))).code).toBe(1);
  expect(requests).toEqual([]);
});

test('completion names commands and subcommands', async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { out } = await everstorm('completion', shell);
    expect(out).toContain('trigger-instance');
    expect(out).toContain('list register validate');
  }
  expect((await everstorm('completion', 'tcsh')).code).toBe(2);
});
