import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { open, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { JsonValue } from 'everstorm/sensor';

/** Where the next line begins. `head` is a hash of the file's first `headLength` bytes: it tells a file that was rewritten in place. */
export interface Position {
  inode: number;
  offset: number;
  head: string;
  headLength: number;
}

export interface Line {
  /** inode:offset:hash of the line. */
  id: string;
  text: string;
  /** Position to go on from once the line is dealt with. */
  after: Position;
}

const CHUNK_BYTES = 256 * 1024;
const HEAD_BYTES = 256;
const NEWLINE = 0x0a;

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 8);

/**
 * Reads a growing file line by line. A line counts once its newline is there. Rotation: the old file is read to its end first (found again by its
 * inode in the same directory), then the new one from its start. Truncation: the file is read from its start. A line over 256 KiB is skipped.
 */
export class LineTail {
  private position: Position | null;

  constructor(
    private readonly path: string,
    saved: JsonValue | undefined,
  ) {
    this.position = isPosition(saved) ? saved : null;
  }

  /** The lines that are there and were not read yet, one chunk's worth; none when there is nothing new or no file. */
  async read(): Promise<Line[]> {
    const inode = await inodeOf(this.path);
    const earlier = this.position;
    if (earlier !== null && inode !== earlier.inode) {
      const rotated = await findByInode(dirname(this.path), earlier.inode);
      const rest = rotated === null ? [] : await this.readFrom(rotated, earlier.inode);
      if (rest.length > 0) return rest;
      this.position = null;
    }
    return inode === null ? [] : this.readFrom(this.path, inode);
  }

  private async readFrom(path: string, inode: number): Promise<Line[]> {
    const file = await open(path, 'r').catch(() => null);
    if (file === null) return [];
    try {
      const found = await file.stat();
      if (found.ino !== inode) return [];
      const start = await this.start(file, { inode, size: found.size });
      return await this.linesFrom(file, start);
    } finally {
      await file.close();
    }
  }

  private async start(file: FileHandle, { inode, size }: { inode: number; size: number }): Promise<Position> {
    const fresh: Position = { inode, offset: 0, head: '', headLength: 0 };
    const known = this.position;
    if (known === null || known.inode !== inode || size < known.offset) return fresh;
    const head = await bytesAt(file, 0, known.headLength);
    return known.headLength === 0 || hash(head) === known.head ? known : fresh;
  }

  private async linesFrom(file: FileHandle, start: Position): Promise<Line[]> {
    const bytes = await bytesAt(file, start.offset, CHUNK_BYTES);
    const head = await bytesAt(file, 0, Math.min(HEAD_BYTES, start.offset + bytes.length));
    const lines: Line[] = [];
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      const raw = bytes.subarray(from, end);
      const offset = start.offset + end + 1;
      const headLength = Math.min(head.length, offset);
      lines.push({
        id: `${start.inode}:${start.offset + from}:${hash(raw)}`,
        text: raw.toString('utf8'),
        after: { inode: start.inode, offset, head: hash(head.subarray(0, headLength)), headLength },
      });
      from = end + 1;
    }
    const tooLong = lines.length === 0 && bytes.length === CHUNK_BYTES;
    this.position = tooLong ? { ...start, offset: start.offset + CHUNK_BYTES } : (lines.at(-1)?.after ?? start);
    return tooLong ? this.linesFrom(file, this.position) : lines;
  }
}

const isPosition = (value: JsonValue | undefined): value is JsonValue & Position => {
  const saved = value as Partial<Position> | null | undefined;
  return typeof saved?.inode === 'number' && typeof saved.offset === 'number' && typeof saved.head === 'string';
};

async function bytesAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, offset);
  return buffer.subarray(0, bytesRead);
}

const inodeOf = (path: string): Promise<number | null> =>
  stat(path).then(
    (found) => found.ino,
    () => null,
  );

async function findByInode(directory: string, inode: number): Promise<string | null> {
  for (const name of await readdir(directory).catch(() => [])) {
    const path = join(directory, name);
    if ((await inodeOf(path)) === inode) return path;
  }
  return null;
}
