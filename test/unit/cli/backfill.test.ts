import type { IncomingMessage, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildCli } from '../../../src/cli/build-cli';
import type { CliIo } from '../../../src/cli/io';

let server: Server;
let url = '';
let asked: { line: string; body: unknown; key: string | undefined }[] = [];
let wouldStart = 3;
/** How often a backfill is said to run before it has ended; for ever when Infinity. */
let polls = 0;
/** Connections that are cut before an answer. */
let cuts = 0;

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? null : JSON.parse(text);
}

function answer(line: string): [number, unknown] {
  if (line === 'POST /api/v1/rules/p.r/backfills')
    return [201, { id: 'backfill/p.r/1', status: 'running', to: 'T', rule: { ref: 'p.r', enabled: false } }];
  if (line === 'GET /api/v1/backfills/backfill%2Fp.r%2F1') {
    polls -= 1;
    return [
      200,
      {
        id: 'backfill/p.r/1',
        status: polls >= 0 ? 'running' : 'succeeded',
        phase: 'counting',
        range: { entries: 10, left: 4 },
        to: 'T',
        counts: { events: 10, matched: 5, would_start: wouldStart },
        starts: { started: 2 },
        samples: [{ trigger_instance: 'i1', occurrence_time: 't', outcome: 'would_start', parameters: { cmd: 'ls' } }],
      },
    ];
  }
  if (line === 'POST /api/v1/triggerinstances/re_emit')
    return [200, { total: 150, trigger_instances: [{ id: 'i', outcome: 're-emitted', trigger_instance: 'j' }] }];
  return [404, { faultstring: 'no such thing' }];
}

beforeAll(async () => {
  server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const line = `${request.method} ${request.url}`;
      asked.push({ line, body, key: request.headers['idempotency-key'] as string | undefined });
      cuts -= 1;
      if (cuts >= 0) return void request.socket.destroy();
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
  asked = [];
  wouldStart = 3;
  polls = 0;
  cuts = 0;
});

async function everstorm(words: string[], more: Partial<CliIo> = {}) {
  let out = '';
  let err = '';
  const io: CliIo = {
    stdout: (text) => void (out += text),
    stderr: (text) => void (err += text),
    env: { EVERSTORM_API_URL: url },
    ...more,
  };
  const code = await buildCli(io).run(words);
  return { code, out, err };
}
const posted = (): unknown[] => asked.filter(({ line }) => line.startsWith('POST')).map(({ body }) => body);
const BACKFILL = ['rule', 'backfill', 'p.r', '--from', '2026-11-01'];

test('what is started is what was counted and agreed to', async () => {
  const questions: string[] = [];
  polls = 2;
  const confirm = (question: string) => Promise.resolve(questions.push(question) > 0);
  const { code, out, err } = await everstorm([...BACKFILL, '--rate', '5/s'], { confirm });
  expect(code).toBe(0);
  expect(questions).toEqual(['Start 3 executions of p.r?']);
  expect(posted()).toEqual([
    { from: '2026-11-01', to: null, rate: '5/s', dry_run: true },
    { from: '2026-11-01', to: 'T', rate: '5/s', dry_run: false },
  ]);
  expect(err).toBe('counting: 6 of 10 entries, 5 matched, 3 would start\n');
  expect(out).toContain('note: the rule is disabled');
  expect(out).toContain('i1 t would start: {"cmd":"ls"}');
});

test('nothing is started without a yes, and nothing is asked where there is nothing to start', async () => {
  const no = await everstorm(BACKFILL, { confirm: () => Promise.resolve(false) });
  expect([no.code, no.out.split('\n').at(-2)]).toEqual([0, 'nothing was started']);
  wouldStart = 0;
  const none = await everstorm(BACKFILL, { confirm: () => Promise.reject(new Error('asked')) });
  expect([none.code, none.out.split('\n').at(-2)]).toEqual([0, 'there is nothing to start']);
  expect(posted()).toHaveLength(2);
  const nobody = await everstorm([...BACKFILL, '--json']);
  expect([nobody.code, posted().length]).toEqual([2, 2]);
});

test('Ctrl-C leaves the backfill running and tells its id', async () => {
  polls = Infinity;
  let pressed = false;
  const { code, err } = await everstorm([...BACKFILL, '--yes'], {
    onInterrupt: (act) => {
      act();
      pressed = true;
      return () => (pressed = false);
    },
  });
  expect([code, pressed]).toEqual([0, false]);
  expect(err).toContain('backfill backfill/p.r/1 goes on; everstorm rule backfills backfill/p.r/1');
});

test('re-emission goes in pieces under one key, again when an answer is lost', async () => {
  const questions: string[] = [];
  const words = [
    'trigger-instance',
    're-emit',
    '--trigger',
    'a.b',
    '--from',
    '2026-11-01',
    '--status',
    'processing_failed',
  ];
  const { code, out } = await everstorm(words, {
    confirm: (question) => Promise.resolve(questions.push(question) > 0),
  });
  expect([code, questions]).toEqual([0, ['Re-emit 150 events of a.b?']]);
  expect(out).toContain('i   re-emitted  j');
  expect(posted().map((body) => (body as { offset?: number }).offset)).toEqual([undefined, 0, 100]);
  expect(new Set(asked.slice(1).map(({ key }) => key)).size).toBe(1);

  asked = [];
  cuts = 1;
  expect((await everstorm(['trigger-instance', 're-emit', 'i1', '--key', 'mine'])).code).toBe(0);
  expect(asked.map(({ key }) => key)).toEqual(['mine', 'mine']);
});

test.each([[[]], [['i1', '--trigger', 'a.b']], [['--trigger', 'a.b']], [['--trigger', 'a.b', '--from', '2026-11-01']]])(
  're-emission is not asked for like that: %j',
  async (words) => {
    expect((await everstorm(['trigger-instance', 're-emit', ...words])).code).toBe(2);
    expect(asked).toEqual([]);
  },
);
