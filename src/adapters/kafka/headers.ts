import type { IHeaders } from 'kafkajs';

/** Header names in lower case → bytes. A name that comes twice is listed in `repeated`. */
export interface RecordHeaders {
  values: Map<string, Buffer>;
  repeated: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

export function readHeaders(headers: IHeaders | undefined): RecordHeaders {
  const read: RecordHeaders = { values: new Map(), repeated: NONE };
  for (const key in headers) {
    const raw = headers[key];
    const name = key.toLowerCase();
    if (!Array.isArray(raw)) add(read, name, raw);
    else for (const value of raw) add(read, name, value);
  }
  return read;
}

function add(read: RecordHeaders, name: string, value: Buffer | string | undefined): void {
  if (value === undefined || value === null) return;
  if (read.values.has(name)) read.repeated = new Set([...read.repeated, name]);
  read.values.set(name, typeof value === 'string' ? Buffer.from(value) : value);
}

/** Headers as text for people and for the dead-letter topic; bytes that are no UTF-8 become U+FFFD. */
export function headersAsText(headers: IHeaders | undefined): Record<string, string> {
  const text: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, raw] of Object.entries(headers ?? {})) {
    const value = Array.isArray(raw) ? raw.at(-1) : raw;
    if (value !== undefined && value !== null) text[name] = value.toString();
  }
  return text;
}
