import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadScripts } from './scripts';
import type { StartedProcess } from './scripts';

/** A folder and processes of one benchmark's own. */
export interface Workshop {
  readonly folder: string;
  /** Starts Temporal, Kafka and Postgres on free ports. Throws SetupError. */
  startServers(): Promise<ServerAddresses>;
  /** Starts a Node program; it is ready once its output holds `readyText`. */
  startProgram(options: ProgramOptions): Promise<StartedProcess>;
  /** Stops everything, last started first, and removes the folder. Idempotent. */
  close(): Promise<void>;
}

export interface ServerAddresses {
  /** host:port. */
  temporal: string;
  /** host:port. */
  kafka: string;
  /** postgres://… */
  databaseUrl: string;
}

export interface ProgramOptions {
  /** For messages, and the name of its log. */
  name: string;
  args: string[];
  env: Record<string, string>;
  readyText: string;
}

const PROGRAM_START_MS = 120_000;

export async function openWorkshop(): Promise<Workshop> {
  const scripts = await loadScripts();
  const folder = mkdtempSync(join(tmpdir(), 'everstorm-bench-'));
  chmodSync(folder, 0o755); // Postgres may run as another user
  const started: StartedProcess[] = [];
  const keep = async <T extends StartedProcess>(starting: Promise<T>): Promise<T> => {
    const child = await starting;
    started.push(child);
    return child;
  };
  const logFile = (name: string): string => join(folder, `${name}.log`);
  return {
    folder,
    startServers: async () => {
      const [temporal = 0, kafka = 0, controller = 0, postgres = 0] = await scripts.findFreePorts(4);
      const bin = scripts.findPostgres();
      if (bin === undefined) throw new Error('Postgres is needed: no initdb in /usr/lib/postgresql or on PATH');
      const ports = { port: kafka, controllerPort: controller };
      const settled = await Promise.allSettled([
        keep(scripts.startTemporal({ port: temporal, dbFile: join(folder, 'temporal/db'), logFile: logFile('temporal') })),
        keep(scripts.startKafka({ ...ports, dataDir: join(folder, 'kafka'), logFile: logFile('kafka') })),
        keep(scripts.startPostgres({ bin, port: postgres, folder: join(folder, 'postgres'), logFile: logFile('postgres') })),
      ]);
      for (const one of settled) if (one.status === 'rejected') throw one.reason;
      return {
        temporal: `127.0.0.1:${temporal}`,
        kafka: `127.0.0.1:${kafka}`,
        databaseUrl: `postgres://postgres@127.0.0.1:${postgres}/postgres`,
      };
    },
    startProgram: ({ name, args, env, readyText }) => {
      const file = logFile(name);
      const healthy = (): Promise<boolean> =>
        Promise.resolve(existsSync(file) && readFileSync(file, 'utf8').includes(readyText));
      const command = process.execPath;
      return keep(scripts.startChild({ name, command, args, env, logFile: file, healthy, startMs: PROGRAM_START_MS }));
    },
    close: async () => {
      for (const child of started.splice(0).reverse()) await child.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
