import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { devPaths } from '../../src/bin/dev/paths';
import { serviceNotes, stopProcess } from '../../src/bin/dev/service-state';
import type { ServiceNotes } from '../../src/bin/dev/service-state';
import { kafkaBroker, temporalAddress } from './addresses';

const ROOT = resolve(__dirname, '../..');
const PROGRAM = join(ROOT, 'dist/src/bin/everstorm.js');
const BUILD_MS = 300_000;
const READY_MS = 90_000;
const STOP_MS = 60_000;

export type Variables = Record<string, string>;

/** A platform of its own (home, topics, namespace, port) on the servers of the test run; its process may be killed and started again. */
export interface DevPlatform {
  readonly home: string;
  readonly apiUrl: string;
  readonly namespace: string;
  readonly eventsTopic: string;
  readonly deadLetterTopic: string;
  readonly reportFile: string;
  /** Starts `everstorm dev`; resolves when /readyz says 200. Fails with the process's own words when it ends before. */
  start(more?: Variables): Promise<void>;
  /** Starts without waiting for readiness; for processes that are to kill themselves. */
  launch(more?: Variables): void;
  /** How the process ended: an exit code, or the signal's name. */
  ended(timeoutMs: number): Promise<number | string>;
  kill9(): Promise<void>;
  /** SIGTERM; resolves to how it ended. */
  stop(): Promise<number | string>;
  /** What the running process noted of the services it started itself. */
  services(): ServiceNotes;
  /** What demo.diagnose left behind. */
  report(): string;
  /** Ends the process if it lives, with the services it started, and removes the home. */
  dispose(): Promise<void>;
}

/** Makes dist/ as fresh as the sources; quick when it is. */
export async function ensureBuilt(): Promise<void> {
  await promisify(execFile)(process.execPath, [join(ROOT, 'scripts/build.mjs')], { cwd: ROOT, timeout: BUILD_MS });
}

/** What `everstorm …` said and how it ended. */
export async function everstorm(
  ...args: string[]
): Promise<{ code: number | string | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { env: plainEnvironment() });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code: signal ?? code, stdout, stderr };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Resolves once the condition holds; fails after `ms`, naming what was waited for. */
export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  ms = 30_000,
): Promise<void> {
  for (const end = Date.now() + ms; ; await delay(50)) {
    if (await condition()) return;
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
  }
}

/** Nothing of the developer's own platform settings reaches the processes under test. */
function plainEnvironment(): Variables {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(kept);
}

interface Running {
  pid: number;
  end: Promise<number | string>;
  output: () => string;
  kill: (signal: NodeJS.Signals) => void;
}

function spawnDev(env: Variables): Running {
  const child = spawn(process.execPath, [PROGRAM, 'dev'], { env, cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (text: Buffer): void => {
    output = (output + text.toString()).slice(-20_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const end = once(child, 'exit').then(([code, signal]) => (signal ?? code) as number | string);
  return { pid: child.pid as number, end, output: () => output, kill: (signal) => child.kill(signal) };
}

const within = <T>(promise: Promise<T>, ms: number, what: () => string): Promise<T> => {
  const timer = new AbortController();
  const late = delay(ms, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`not within ${ms} ms: ${what()}`);
  });
  return Promise.race([promise, late]).finally(() => timer.abort());
};

/** Empty when /readyz says 200, else why not. */
async function whatIsMissing(apiUrl: string): Promise<string> {
  try {
    const answer = await fetch(`${apiUrl}/readyz`, { signal: AbortSignal.timeout(3_000) });
    return answer.ok ? '' : await answer.text();
  } catch (error) {
    return String(error);
  }
}

/** Builds when needed; nothing is started yet. `variables` go to every start. With `ownTemporal` dev starts one, with Web UI, on free ports. */
export async function newDevPlatform(
  variables: Variables = {},
  { ownTemporal = false }: { ownTemporal?: boolean } = {},
): Promise<DevPlatform> {
  await ensureBuilt();
  const home = mkdtempSync(join(tmpdir(), 'everstorm-dev-'));
  const prefix = `dev-${randomUUID()}`;
  const [port, chatPort] = [await freePort(), await freePort()];
  const apiUrl = `http://127.0.0.1:${port}`;
  const reportFile = join(home, 'report.log');
  const environment: Variables = {
    ...plainEnvironment(),
    EVERSTORM_HOME: home,
    EVERSTORM_API_PORT: String(port),
    EVERSTORM_TOPIC_PREFIX: prefix,
    ...(!ownTemporal && { EVERSTORM_TEMPORAL_ADDRESS: temporalAddress() }),
    EVERSTORM_TEMPORAL_NAMESPACE: prefix,
    EVERSTORM_KAFKA_BROKERS: kafkaBroker(),
    EVERSTORM_DEMO_REPORT: reportFile,
    EVERSTORM_DEMO_CHAT_URL: `http://127.0.0.1:${chatPort}/chat`, // nobody listens: the action takes that calmly
    ...variables,
  };
  const notes = serviceNotes(devPaths(home).notes);
  let running: Running | null = null;
  const current = (): Running => {
    if (!running) throw new Error('the platform was not started');
    return running;
  };
  const launch = (more: Variables = {}): void => {
    running = spawnDev({ ...environment, ...more });
  };
  const end = async (signal: NodeJS.Signals): Promise<number | string> => {
    const { kill, end: ended, output } = current();
    kill(signal);
    const how = await within(ended, STOP_MS, () => `the process ends after ${signal}; it said: ${output()}`);
    running = null;
    return how;
  };
  return {
    home,
    apiUrl,
    namespace: prefix,
    eventsTopic: `${prefix}.events`,
    deadLetterTopic: `${prefix}.events.dlq`,
    reportFile,
    launch,
    start: async (more) => {
      launch(more);
      const { end: ended, output } = current();
      let over: number | string | null = null;
      void ended.then((how) => (over = how));
      let missing = '';
      const ready = async (): Promise<boolean> => {
        if (over !== null) throw new Error(`dev ended (${over}): ${output()}`);
        missing = await whatIsMissing(apiUrl);
        return missing === '';
      };
      await eventually('dev is ready', ready, READY_MS).catch((cause: unknown) => {
        throw new Error(`dev is not ready: ${missing}; it said: ${output()}`, { cause });
      });
    },
    ended: (timeoutMs) => {
      const { end: ended, output } = current();
      return within(ended, timeoutMs, () => `the process ends; it said: ${output()}`);
    },
    kill9: async () => {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
    services: () => notes.read(),
    report: () => {
      try {
        return readFileSync(reportFile, 'utf8');
      } catch {
        return '';
      }
    },
    dispose: async () => {
      if (running) await end('SIGKILL');
      const { temporal, kafka } = notes.read();
      for (const left of [temporal, kafka]) if (left) await stopProcess(left.pid, home);
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
