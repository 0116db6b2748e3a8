import { open, rename, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { AuditRecord } from '../../model/audit';
import type { AuditSink } from '../../ports/audit-log';

export interface FileSinkOptions {
  path: string;
  /** Bytes after which the file is moved to `<path>.1` (`.1` to `.2`, …) and a new one begun. Default: never. */
  rotateAtBytes?: number;
  /** How many moved files are kept; the oldest is replaced. Default 5. */
  keep?: number;
}

const moved = (path: string, age: number): string => (age === 0 ? path : `${path}.${age}`);

async function rotate(path: string, keep: number): Promise<void> {
  for (let age = keep; age > 0; age -= 1) {
    await rename(moved(path, age - 1), moved(path, age)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
}

/**
 * Audit records as JSON lines in a file, flushed to the disk before `write` resolves. Writes of one sink come one after
 * the other; a file that somebody moved away (logrotate) is begun anew. A write that fails part-way may leave a broken
 * last line; the next begins on a line of its own.
 */
export function createFileSink({ path, rotateAtBytes, keep = 5 }: FileSinkOptions): AuditSink {
  let file: FileHandle | null = null;
  let inode = 0;
  let queue: Promise<void> = Promise.resolve();

  async function current(): Promise<FileHandle> {
    const onDisk = await stat(path).catch(() => null);
    if (file !== null && onDisk?.ino === inode) return file;
    await file?.close();
    file = null;
    const opened = await open(path, 'a', 0o640);
    inode = (await opened.stat()).ino;
    file = opened;
    return opened;
  }

  let broken = false;
  async function append(text: string): Promise<void> {
    let target = await current();
    if (rotateAtBytes !== undefined && (await target.stat()).size >= rotateAtBytes) {
      await rotate(path, keep);
      target = await current();
    }
    const start = broken ? '\n' : '';
    broken = true;
    await target.appendFile(start + text);
    await target.datasync();
    broken = false;
  }

  function inOrder(work: () => Promise<void>): Promise<void> {
    const done = queue.then(work);
    queue = done.catch(() => undefined);
    return done;
  }

  return {
    name: 'file',
    write: (records: readonly AuditRecord[]) =>
      records.length === 0
        ? Promise.resolve()
        : inOrder(() => append(records.map((record) => `${JSON.stringify(record)}\n`).join(''))),
    close: () =>
      inOrder(async () => {
        await file?.close();
        file = null;
      }),
  };
}
