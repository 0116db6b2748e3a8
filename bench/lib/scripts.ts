import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PROJECT_ROOT } from '../../src/bin/project-root';

/** A process started by scripts/lib/child.mjs. */
export interface StartedProcess {
  pid: number;
  exited: Promise<void>;
  stop(): Promise<void>;
}

/** What benchmarks use of scripts/lib. Everything throws SetupError with words for the person at the terminal. */
export interface Scripts {
  findFreePorts(count: number): Promise<number[]>;
  startTemporal(options: { port: number; dbFile: string; logFile: string }): Promise<StartedProcess>;
  startKafka(options: {
    port: number;
    controllerPort: number;
    dataDir: string;
    logFile: string;
  }): Promise<StartedProcess>;
  findPostgres(): string | undefined;
  startPostgres(options: {
    bin: string;
    port: number;
    folder: string;
    logFile: string;
  }): Promise<StartedProcess & { url: string }>;
  startChild(options: {
    name: string;
    command: string;
    args: string[];
    env: Record<string, string>;
    logFile: string;
    healthy: () => Promise<boolean>;
    startMs?: number;
  }): Promise<StartedProcess>;
}

/** Loads them; they are plain modules, so that they run before anything is installed or built. */
export async function loadScripts(): Promise<Scripts> {
  const parts = await Promise.all(
    ['services', 'postgres', 'child'].map(
      (name) => import(pathToFileURL(join(PROJECT_ROOT, `scripts/lib/${name}.mjs`)).href) as Promise<Partial<Scripts>>,
    ),
  );
  return Object.assign({}, ...parts) as Scripts;
}
