import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { kafkaBroker, temporalAddress } from '../../helpers/addresses';
import { ensureBuilt, eventually, freePort } from '../../helpers/dev-process';
import { startTcpGate } from '../../helpers/tcp-gate';
import type { TcpGate } from '../../helpers/tcp-gate';

const PROGRAM = resolve(__dirname, '../../../dist/src/bin/everstorm.js');
const postgres = process.env['EVERSTORM_TEST_POSTGRES'];

interface Serving {
  readyz(): Promise<{ status: number; text: string }>;
  ended(): number | string | null;
  stop(signal: NodeJS.Signals): Promise<number | string>;
}

(postgres ? describe : describe.skip)('everstorm serve, started before its servers', () => {
  let gates: { database: TcpGate; kafka: TcpGate; temporal: TcpGate };
  let home: string;
  const started: Serving[] = [];
  beforeAll(async () => {
    await ensureBuilt();
    home = mkdtempSync(join(tmpdir(), 'everstorm-serve-'));
    const [database, temporal, kafka] = await Promise.all(
      [new URL(postgres as string).host, temporalAddress(), kafkaBroker()].map(startTcpGate),
    );
    gates = { database, temporal, kafka } as typeof gates;
  }, 300_000);
  afterEach(async () => {
    for (const one of started.splice(0)) if (one.ended() === null) await one.stop('SIGKILL');
    for (const gate of Object.values(gates)) await gate.open();
  });
  afterAll(async () => {
    for (const gate of Object.values(gates)) await gate.close();
    rmSync(home, { recursive: true, force: true });
  });

  async function serve(role: string, more: Record<string, string> = {}): Promise<Serving> {
    const port = await freePort();
    const url = new URL(postgres as string);
    url.host = gates.database.address;
    const prefix = `serve-${randomUUID()}`;
    const child = spawn(process.execPath, [PROGRAM, 'serve', role], {
      stdio: 'ignore',
      env: {
        PATH: process.env['PATH'],
        EVERSTORM_TEST_RUN: process.env['EVERSTORM_TEST_RUN'],
        EVERSTORM_HOME: home,
        EVERSTORM_TEMPORAL_ADDRESS: gates.temporal.address,
        EVERSTORM_TEMPORAL_NAMESPACE: prefix,
        EVERSTORM_KAFKA_BROKERS: gates.kafka.address,
        EVERSTORM_TOPIC_PREFIX: prefix,
        DATABASE_URL: url.href,
        EVERSTORM_CODEC_KEY: randomBytes(32).toString('base64'),
        EVERSTORM_OPERATIONS_PORT: String(port),
        ...more,
      },
    });
    let how: number | string | null = null;
    const end = once(child, 'exit').then(([code, signal]) => (how = (signal ?? code) as number | string));
    const serving: Serving = {
      readyz: async () => {
        try {
          const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(5_000) });
          return { status: answer.status, text: await answer.text() };
        } catch {
          return { status: 0, text: '' };
        }
      },
      ended: () => how,
      stop: (signal) => {
        child.kill(signal);
        return end;
      },
    };
    started.push(serving);
    return serving;
  }

  it('says on /readyz which one is missing, and goes on when it comes', async () => {
    await gates.database.refuse();
    const audit = await serve('audit');
    await eventually('/readyz names the database', async () => {
      const { status, text } = await audit.readyz();
      return status === 503 && text.includes('"database","reason":"the database cannot be reached');
    });
    await gates.database.open();
    await eventually('it is ready', async () => (await audit.readyz()).status === 200, 60_000);
    expect(audit.ended()).toBeNull();
  }, 120_000);

  it('names two that are missing at once', async () => {
    await gates.database.refuse();
    await gates.temporal.refuse();
    const rules = await serve('rules');
    await eventually('/readyz names both', async () => {
      const { text } = await rules.readyz();
      return text.includes('"database"') && text.includes('Temporal at');
    });
  }, 120_000);

  it('ends well, and soon, when it is asked to while it waits', async () => {
    await gates.temporal.refuse();
    const worker = await serve('worker');
    await eventually('it waits', async () => (await worker.readyz()).status === 503);
    const asked = Date.now();
    expect(await worker.stop('SIGTERM')).toBe(0);
    expect(Date.now() - asked).toBeLessThan(10_000);
  }, 120_000);

  it.each([
    ['a key file that is not there', { EVERSTORM_CODEC_KEY: '', EVERSTORM_CODEC_KEY_FILE: '/nowhere/key' }],
    ['a database that does not exist', { DATABASE_URL: `${postgres?.replace(/\/\w+$/, '')}/nowhere` }],
  ])(
    'ends at once for %s, since waiting would not help',
    async (_what, variables) => {
      const api = await serve('api', variables);
      await eventually('it ends', () => api.ended() !== null, 30_000);
      expect(api.ended()).toBe(2);
    },
    60_000,
  );
});
