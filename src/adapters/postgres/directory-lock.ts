import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EverstormError } from '../../model/errors';

interface Holder {
  pid: number;
  /** The kernel's start time of the process: a pid is given out again, pid and start time are not. Null where it can't be read. */
  startTime: string | null;
  nonce: string;
}

const LOCK_FILE = 'everstorm.lock';

/**
 * Holds `directory` for this process until the returned function is called. Needed because PGlite opens a directory a second time
 * without a word and corrupts it. A lock whose process is dead is taken over. Throws CONFIGURATION naming the live holder.
 */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, LOCK_FILE);
  const mine: Holder = { pid: process.pid, startTime: startTimeOf(process.pid), nonce: randomUUID() };
  for (let attempt = 0; attempt < 5; attempt++) {
    if (place(file, mine)) return () => release(file, mine);
    const holder = readHolder(file);
    if (holder && isAlive(holder)) throw inUse(directory, holder);
    setAside(file, holder);
  }
  throw new EverstormError(
    'CONFIGURATION',
    `the lock file ${file} cannot be taken over: remove it when nothing uses it`,
  );
}

/** A link is made at once and with its content, so no other process ever sees a half-written lock. False when there is one already. */
function place(file: string, mine: Holder): boolean {
  const draft = `${file}.${mine.nonce}`;
  writeFileSync(draft, JSON.stringify(mine));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Moves a stale lock out of the way. Another process may have done so first and hold the place now: then its lock goes back. */
function setAside(file: string, stale: Holder | null): void {
  const aside = `${file}.stale-${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = readHolder(aside);
  if (moved && moved.nonce !== stale?.nonce) place(file, moved);
  rmSync(aside, { force: true });
}

function release(file: string, mine: Holder): void {
  if (readHolder(file)?.nonce === mine.nonce) rmSync(file, { force: true });
}

function readHolder(file: string): Holder | null {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as Partial<Holder> | null;
    if (typeof holder?.pid !== 'number' || typeof holder.nonce !== 'string') return null;
    return { pid: holder.pid, startTime: holder.startTime ?? null, nonce: holder.nonce };
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function isAlive({ pid, startTime }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return startTime === null || startTimeOf(pid) === startTime;
}

/** Field 22 of /proc/<pid>/stat, counted behind the command's closing bracket (a command may hold blanks and brackets). */
function startTimeOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

const inUse = (directory: string, { pid }: Holder): EverstormError =>
  new EverstormError(
    'CONFIGURATION',
    `the embedded database in ${directory} is in use by process ${pid}: stop that process, choose another directory, ` +
      'or set DATABASE_URL to a Postgres server, which several processes can share',
  );
