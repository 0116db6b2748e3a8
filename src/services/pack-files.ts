import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { EverstormError } from '../model/errors';
import type { Pack } from '../model/pack';
import { existingPathInside, pathInside } from './pack-paths';

/** One file of a pack as it is on disk. */
export interface PackFile {
  bytes: Buffer;
  /** By the file's name, in the manner of StackStorm: YAML is octets. */
  mediaType: string;
  /** Milliseconds since the epoch. */
  modifiedAt: number;
  /** Another one for another content or time; quoted, as in HTTP. */
  etag: string;
}

export interface PackFileText {
  file_path: string;
  content: string;
}

/** Larger files are told of but not sent; StackStorm's bound. */
const MAX_BYTES = 500_000;
/** Of all texts of a pack together: an answer must fit in memory. */
const MAX_TOTAL_BYTES = 20_000_000;

/** Nothing that a browser would run: pack files come from the API's own origin. */
const MEDIA_TYPES = new Map([
  ['.py', 'text/x-python'],
  ['.sh', 'application/x-sh'],
  ['.txt', 'text/plain'],
  ['.md', 'text/markdown'],
  ['.json', 'application/json'],
  ['.csv', 'text/csv'],
  ['.png', 'image/png'],
  ['.jpg', 'image/jpeg'],
  ['.gif', 'image/gif'],
]);

const noFile = (path: string): EverstormError => new EverstormError('NOT_FOUND', `File "${path}" not found`);

/**
 * A file of a pack by its path relative to the pack's directory. Throws INVALID_REQUEST for a path that climbs out or a file that is too
 * large, NOT_FOUND for none (a link out of the pack counts as none).
 */
export async function readPackFile(pack: Pack, path: string): Promise<PackFile> {
  if (pathInside(pack.path, path) === null) {
    throw new EverstormError('INVALID_REQUEST', 'The path of a file must lie inside the directory of its pack.');
  }
  const file = await read(pack, path);
  if (file === 'too large') {
    throw new EverstormError('INVALID_REQUEST', `File ${path} exceeds maximum allowed file size (${MAX_BYTES} bytes)`);
  }
  if (file === null) throw noFile(path);
  return file;
}

/** The texts among a pack's files; what is binary, too large or gone is left out, as in StackStorm. */
export async function readPackTexts(pack: Pack): Promise<PackFileText[]> {
  const texts: PackFileText[] = [];
  let total = 0;
  for (const path of pack.files) {
    const file = await read(pack, path);
    const content = file === null || file === 'too large' ? null : textOf(file.bytes);
    if (content === null) continue;
    total += content.length;
    if (total > MAX_TOTAL_BYTES)
      throw new EverstormError('INVALID_REQUEST', 'The files of the pack are too large to be sent at once.');
    texts.push({ file_path: path, content });
  }
  return texts;
}

async function read(pack: Pack, path: string): Promise<PackFile | 'too large' | null> {
  const target = await existingPathInside(pack.path, path);
  if (target === null) return null;
  // Non-blocking: opening a FIFO must not hang.
  const handle = await open(target, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => null);
  if (handle === null) return null;
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) return null;
    if (stats.size > MAX_BYTES) return 'too large';
    const etag = `"${Math.round(stats.mtimeMs).toString(16)}-${stats.size.toString(16)}"`;
    const mediaType = MEDIA_TYPES.get(extname(path).toLowerCase()) ?? 'application/octet-stream';
    return { bytes: await handle.readFile(), mediaType, modifiedAt: stats.mtimeMs, etag };
  } finally {
    await handle.close();
  }
}

function textOf(bytes: Buffer): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // binary
    return null;
  }
}
