import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PROJECT_ROOT } from '../project-root';

/** A service process started by scripts/lib/services.mjs. */
export interface StartedService {
  pid: number;
  exited: Promise<void>;
  stop(): Promise<void>;
}

type Log = (line: string) => void;

/** What `dev` uses of scripts/lib/services.mjs, which `npm test` uses too (it has no npm dependencies, so it runs before installation). */
export interface ServicesLibrary {
  startTemporal(options: {
    port: number;
    uiPort: number;
    dbFile: string;
    logFile: string;
    codecEndpoint: string;
    detached: boolean;
    log: Log;
  }): Promise<StartedService>;
  startKafka(options: {
    port: number;
    controllerPort: number;
    dataDir: string;
    logFile: string;
    detached: boolean;
    log: Log;
  }): Promise<StartedService>;
  findFreePorts(count: number): Promise<number[]>;
  portTaken(options: { port: number }): Promise<boolean>;
  temporalHealthy(options: { port: number }): Promise<boolean>;
  kafkaHealthy(options: { port: number }): Promise<boolean>;
}

export async function loadServicesLibrary(): Promise<ServicesLibrary> {
  return (await import(pathToFileURL(join(PROJECT_ROOT, 'scripts/lib/services.mjs')).href)) as ServicesLibrary;
}
