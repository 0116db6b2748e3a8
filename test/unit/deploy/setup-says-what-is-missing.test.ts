import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const lib = (file: string): string => pathToFileURL(resolve(__dirname, '../../../scripts/lib', file)).href;

/** Runs `body` (which may use `m`, the exports of scripts/lib/<file>) in a Node of its own; answers what it returns. */
function inScripts<T>(file: string, body: string): T {
  const code = `import(${JSON.stringify(lib(file))}).then(async (m) => { ${body} })
    .catch((error) => ({ error: error.message, kind: error.constructor.name }))
    .then((answer) => console.log(JSON.stringify(answer ?? null)))`;
  return JSON.parse(execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' })) as T;
}
interface Refusal {
  error: string;
  kind: string;
}

describe('a machine that lacks something', () => {
  let empty: string;
  beforeAll(() => {
    empty = mkdtempSync(join(tmpdir(), 'everstorm-empty-'));
  });
  afterAll(() => rmSync(empty, { recursive: true, force: true }));
  const environment = (extra = {}): string => JSON.stringify({ PATH: empty, EVERSTORM_CACHE: empty, ...extra });

  it('without Go and Temporal: names both and every way out', () => {
    const call = `await m.ensureTemporalCli({ log() {}, env: ${environment()} })`;
    const { error, kind } = inScripts<Refusal>('temporal.mjs', call);
    expect(kind).toBe('SetupError');
    for (const hint of ['Go', 'https://go.dev/dl', 'EVERSTORM_TEMPORAL_CLI', 'EVERSTORM_TEMPORAL_ADDRESS']) {
      expect(error).toContain(hint);
    }
  });

  it('with a wrong EVERSTORM_TEMPORAL_CLI: says so instead of taking another program', () => {
    const env = environment({ EVERSTORM_TEMPORAL_CLI: '/nowhere/temporal', PATH: process.env['PATH'] });
    const { error } = inScripts<Refusal>('temporal.mjs', `await m.ensureTemporalCli({ log() {}, env: ${env} })`);
    expect(error).toContain('/nowhere/temporal');
  });

  it('without Java: names it, its version and the way around', () => {
    const { error } = inScripts<Refusal>('kafka.mjs', `await m.ensureKafka({ log() {}, env: ${environment()} })`);
    expect(error).toMatch(/Java.*17.*EVERSTORM_KAFKA_BROKERS/s);
  });

  it('with a taken port: names the port, and starts nothing', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    // The search for the program comes first: any existing file will do as one that must not be started.
    const options = `{ port: ${port}, dbFile: '${empty}/db', logFile: '${empty}/log' }`;
    const body = `process.env.EVERSTORM_TEMPORAL_CLI = process.execPath; await m.startTemporal(${options})`;
    const { error } = inScripts<Refusal>('services.mjs', body);
    server.close();
    expect(error).toContain(`port ${port} is taken`);
  });

  it('tells a listener that is no Temporal and no Kafka from a healthy one', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined); // the probe hangs up in the middle, as it should
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    // In a child of its own, not waited for synchronously: this process has to answer.
    const code = `import(${JSON.stringify(lib('probes.mjs'))}).then(async (m) => {
      const port = ${port};
      console.log(JSON.stringify([await m.temporalHealthy({ port }), await m.kafkaHealthy({ port }), await m.portTaken({ port })]));
    })`;
    const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [answer] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
    server.close();
    expect(JSON.parse(answer)).toEqual([false, false, true]);
  });
});

describe('after a test run', () => {
  it('a process that outlived it is found by its mark, whoever its parent is, and ended', () => {
    const body = `
      const { spawn } = process.getBuiltinModule('node:child_process');
      const env = { ...process.env, [m.RUN_MARK]: 'mark-of-this-test' };
      const orphan = spawn('sh', ['-c', 'sleep 60 & echo $!'], { env, stdio: ['ignore', 'pipe', 'ignore'] });
      const pid = Number(await new Promise((done) => orphan.stdout.once('data', done)));
      const left = await m.killLeftovers('mark-of-this-test', 0);
      const other = await m.killLeftovers('another-mark', 0);
      return { found: left.map((one) => one.pid).includes(pid), other };`;
    if (process.platform !== 'linux') return;
    expect(inScripts('leftovers.mjs', body)).toEqual({ found: true, other: [] });
  });
});
