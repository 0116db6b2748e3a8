import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** What `dev` noted of a service it started, so that the next `dev` knows its own again after a kill. */
export interface ServiceNote {
  pid: number;
  port: number;
  uiPort?: number;
}
export interface ServiceNotes {
  temporal?: ServiceNote;
  kafka?: ServiceNote;
  api?: { pid: number; url: string; kafkaBrokers: string[] };
}

/** Reads and writes the notes of one home directory. */
export function serviceNotes(file: string): { read(): ServiceNotes; write(notes: ServiceNotes): void; remove(): void } {
  return {
    read: () => {
      try {
        return JSON.parse(readFileSync(file, 'utf8')) as ServiceNotes;
      } catch {
        return {};
      }
    },
    write: (notes) => writeFileSync(file, JSON.stringify(notes, null, 2)),
    remove: () => rmSync(file, { force: true }),
  };
}

/** Whether the process is the one we noted: alive, and its command line names our home (a reused pid would not). */
export function isOurs(pid: number, home: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(home);
  } catch {
    return false;
  }
}

/** SIGTERM, up to 15 s of patience, SIGKILL. */
export async function stopProcess(pid: number, home: string): Promise<void> {
  const signal = (name: NodeJS.Signals): void => {
    if (isOurs(pid, home)) process.kill(pid, name);
  };
  signal('SIGTERM');
  for (let waited = 0; waited < 15_000 && isOurs(pid, home); waited += 50) await delay(50);
  signal('SIGKILL');
}
