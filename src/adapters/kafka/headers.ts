import type { IHeaders } from 'kafkajs';

/** Header names in lower case → bytes. A name that comes twice is listed in `repeated`. */
export interface RecordHeaders {
  values: Map<string, Buffer>;
  repeated: Set<string>;
}

export function readHeaders(headers: IHeaders | undefined): RecordHeaders {
  const values = new Map<string, Buffer>();
  const repeated = new Set<string>();
  for (const [key, raw] of Object.entries(headers ?? {})) {
    const name = key.toLowerCase();
    for (const value of Array.isArray(raw) ? raw : [raw]) {
      if (value === undefined || value === null) continue;
      if (values.has(name)) repeated.add(name);
      values.set(name, Buffer.isBuffer(value) ? value : Buffer.from(value));
    }
  }
  return { values, repeated };
}

/** {@link readHeaders} for looking a few names up, once for every event: headers as nearly all are cost nothing. */
export interface HeaderTable {
  values: Readonly<Record<string, Buffer | undefined>>;
  repeated: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

export function headerTable(headers: IHeaders | undefined): HeaderTable {
  if (isPlain(headers)) return { values: headers, repeated: NONE };
  const { values, repeated } = readHeaders(headers);
  return { values: Object.fromEntries(values), repeated };
}

/** Names in lower case, with bytes once each. */
function isPlain(headers: IHeaders | undefined): headers is Record<string, Buffer> {
  for (const name in headers) if (!Buffer.isBuffer(headers[name]) || name.toLowerCase() !== name) return false;
  return headers !== undefined;
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
