import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EverstormError } from '../../model/errors';
import { CODEC_KEY_BYTES } from './codec';

/** Where the codec's key comes from; the first one given counts. */
export interface CodecKeySource {
  /** 32 bytes as base64 or hex. */
  key?: string;
  /** File that holds the same text. */
  keyFile?: string;
  /** File that is made with a fresh key (mode 0600) when it does not exist; for `dev`. */
  generateAt?: string;
}

/** The payload codec's key (32 bytes). Throws CONFIGURATION when none is given, a file can't be read, or the text is no key. */
export async function loadCodecKey(source: CodecKeySource): Promise<Uint8Array> {
  if (source.key !== undefined) return parseCodecKey(source.key, 'the given key');
  if (source.keyFile !== undefined) return parseCodecKey(await readKeyFile(source.keyFile), source.keyFile);
  if (source.generateAt !== undefined) return generatedKey(source.generateAt);
  throw new EverstormError('CONFIGURATION', 'No codec key is configured');
}

/** Reads 32 bytes from base64 or hex text; `where` names the source in the error. */
export function parseCodecKey(given: string, where: string): Uint8Array {
  const trimmed = given.trim();
  const key = /^[0-9a-fA-F]{64}$/.test(trimmed) ? Buffer.from(trimmed, 'hex') : Buffer.from(trimmed, 'base64');
  if (key.length !== CODEC_KEY_BYTES) {
    throw new EverstormError('CONFIGURATION', `Codec key in ${where} is not usable`, {
      expected: `${CODEC_KEY_BYTES} bytes as base64 or hex`,
    });
  }
  return new Uint8Array(key);
}

async function readKeyFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new EverstormError('CONFIGURATION', `Codec key file ${path} can't be read`, {}, { cause });
  }
}

async function generatedKey(path: string): Promise<Uint8Array> {
  await mkdir(dirname(path), { recursive: true });
  try {
    // `wx` lets exactly one of several starting processes write; the others read its key.
    await writeFile(path, `${randomBytes(CODEC_KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
    await chmod(path, 0o600);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EEXIST') throw error;
  }
  return parseCodecKey(await readKeyFile(path), path);
}
