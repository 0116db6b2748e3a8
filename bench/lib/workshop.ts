import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadScripts } from './scripts';
import type { StartedProcess } from './scripts';
import { cpuTimes } from './cpu-time';

/** A folder and processes of one benchmark's own. */
export interface Workshop {
  readonly folder: string;
  /** Starts servers on free ports, all three unless told which. Throws SetupError. */
  startServers(which?: readonly ServerName[]): Promise<ServerAddresses>;
  /** Starts a Node program; it is ready once its output holds `readyText`. */
  startProgram(options: ProgramOptions): Promise<StartedProcess>;
  /** CPU time used so far by each process and by this one (`bench`), milliseconds, by name; empty where /proc does not tell. */
  cpuTimes(): Map<string, number>;
  /** Stops everything, last started first, and removes the folder. Idempotent. */
  close(): Promise<void>;
}

export type ServerName = 'temporal' | 'kafka' | 'postgres';

/** Nothing listens at the address of a server that was not asked for. */
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

/** With `profileFolder` each Node program leaves V8's CPU profile there when it ends. */
export async function openWorkshop({ profileFolder }: { profileFolder?: string } = {}): Promise<Workshop> {
  const flags = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
  const scripts = await loadScripts();
  const folder = mkdtempSync(join(tmpdir(), 'everstorm-bench-'));
  chmodSync(folder, 0o755); // Postgres may run as another user
  const started: StartedProcess[] = [];
  const pids = new Map([['bench', process.pid]]);
  const keep = async <T extends StartedProcess>(name: string, starting: Promise<T>): Promise<T> => {
    const child = await starting;
    started.push(child);
    pids.set(name, child.pid);
    return child;
  };
  const logFile = (name: string): string => join(folder, `${name}.log`);
  return {
    folder,
    startServers: async (which = ['temporal', 'kafka', 'postgres']) => {
      const [temporal = 0, kafka = 0, controller = 0, postgres = 0] = await scripts.findFreePorts(4);
      const bin = scripts.findPostgres();
      if (bin === undefined) throw new Error('Postgres is needed: no initdb in /usr/lib/postgresql or on PATH');
      const ports = { port: kafka, controllerPort: controller };
      const start: Record<ServerName, (logFile: string) => Promise<StartedProcess>> = {
        temporal: (log) => scripts.startTemporal({ port: temporal, dbFile: join(folder, 'temporal/db'), logFile: log }),
        kafka: (log) => scripts.startKafka({ ...ports, dataDir: join(folder, 'kafka'), logFile: log }),
        postgres: (log) =>
          scripts.startPostgres({ bin, port: postgres, folder: join(folder, 'postgres'), logFile: log }),
      };
      const settled = await Promise.allSettled(which.map((name) => keep(name, start[name](logFile(name)))));
      for (const one of settled) if (one.status === 'rejected') throw one.reason;
      return {
        temporal: `127.0.0.1:${temporal}`,
        kafka: `127.0.0.1:${kafka}`,
        databaseUrl: `postgres://postgres@127.0.0.1:${postgres}/postgres`,
      };
    },
    startProgram: ({ name, args: programArgs, env, readyText }) => {
      const args = [...flags.map((flag) => flag.replace(/(dir=.*)/, `$1/${name}`)), ...programArgs];
      const file = logFile(name);
      const healthy = (): Promise<boolean> =>
        Promise.resolve(existsSync(file) && readFileSync(file, 'utf8').includes(readyText));
      const command = process.execPath;
      return keep(
        name,
        scripts.startChild({ name, command, args, env, logFile: file, healthy, startMs: PROGRAM_START_MS }),
      );
    },
    cpuTimes: () => cpuTimes(pids),
    close: async () => {
      for (const child of started.splice(0).reverse()) await child.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
