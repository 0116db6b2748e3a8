import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import type { JsonObject, JsonValue } from '../../../src/model/json';

/** Bytes read of a response's body, and bytes it may have when it is unpacked. */
export const BODY_LIMIT = 10 * 1024 * 1024;

export interface RawBody {
  bytes: Buffer;
  cut: boolean;
}

/** Reads a body up to the limit, then stops reading. */
export async function readBody(body: AsyncIterable<Buffer>, limit = BODY_LIMIT): Promise<RawBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const kept = chunk.subarray(0, limit - size);
    chunks.push(kept);
    size += kept.length;
    if (kept.length < chunk.length) return { bytes: Buffer.concat(chunks), cut: true };
  }
  return { bytes: Buffer.concat(chunks), cut: false };
}

/** Header names as the server wrote them; repeated ones are joined by a comma. */
export function headerRecord(raw: readonly (string | Buffer)[]): Record<string, string> {
  const headers = new Map<string, string>();
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = String(raw[i]);
    const value = Buffer.from(raw[i + 1] ?? '').toString('latin1');
    const known = [...headers.keys()].find((key) => key.toLowerCase() === name.toLowerCase());
    headers.set(known ?? name, known === undefined ? value : `${headers.get(known) ?? ''}, ${value}`);
  }
  return Object.fromEntries(headers);
}

export function headerValue(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
}

const UNPACK = new Map([
  ['gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);

async function unpacked(bytes: Buffer, encoding: string | undefined): Promise<Buffer> {
  const unpack = UNPACK.get(encoding?.trim().toLowerCase() ?? '');
  return unpack === undefined || bytes.length === 0 ? bytes : unpack(bytes, { maxOutputLength: BODY_LIMIT });
}

function decoded(bytes: Buffer, contentType: string): string {
  const charset = /charset="?([\w-]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset, { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}

/** StackStorm's result of an HTTP request: the body parsed when its type is application/json and it is JSON. */
export async function responseResult(
  statusCode: number,
  headers: Record<string, string>,
  raw: RawBody,
): Promise<JsonObject> {
  const contentType = headerValue(headers, 'content-type') ?? '';
  const shape = (body: JsonValue, parsed: boolean): JsonObject => ({ status_code: statusCode, body, parsed, headers });
  if (raw.cut) {
    const text = decoded(raw.bytes, contentType);
    return shape(`${text}\n[everstorm: cut here after ${BODY_LIMIT} bytes]`, false);
  }
  const text = decoded(await unpacked(raw.bytes, headerValue(headers, 'content-encoding')), contentType);
  if (contentType.split(';')[0]?.trim() !== 'application/json') return shape(text, false);
  try {
    return shape(JSON.parse(text) as JsonValue, true);
  } catch {
    return shape(text, false);
  }
}
