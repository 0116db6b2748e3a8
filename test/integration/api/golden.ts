import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join, resolve } from 'node:path';

const GOLDEN = join(
  process.env['EVERSTORM_FIXTURES'] ?? resolve(__dirname, '../../../../shared/fixtures'),
  'golden/api',
);

export interface Recording {
  request: { method: string; path: string; headers: Record<string, string>; body: unknown };
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

export interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
}

/** `describe` when the recordings are on this machine (they are no part of the repository); else a skipped one and a line that says so. */
export function describeWithRecordings(): jest.Describe {
  if (existsSync(GOLDEN)) return describe;
  process.stderr.write(`skipped: no recordings at ${GOLDEN} (EVERSTORM_FIXTURES names another folder)\n`);
  return describe.skip;
}

/** The recording of a number; `ids` maps ids of the recording to those of this run. */
export function loadRecording(number: number, ids: ReadonlyMap<string, string> = new Map()): Recording {
  const file = readdirSync(GOLDEN).find((name) => name.startsWith(String(number).padStart(3, '0')));
  if (file === undefined) throw new Error(`no recording ${number} in ${GOLDEN}`);
  let text = readFileSync(join(GOLDEN, file), 'utf8');
  for (const [recorded, own] of ids) text = text.replaceAll(recorded, own);
  return JSON.parse(text) as Recording;
}

/** Sends a recorded request to `base`; the body is parsed when it is JSON of either of StackStorm's content types. */
export function send(base: string, { method, path, headers, body }: Recording['request']): Promise<Reply> {
  return new Promise((done, fail) => {
    const text = body === null ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const request = httpRequest(base + path, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const raw = Buffer.concat(chunks).toString();
        const json = /^(application|text)\/json/.test(response.headers['content-type'] ?? '') && raw !== '';
        done({ status: response.statusCode ?? 0, headers: response.headers, body: json ? JSON.parse(raw) : raw });
      });
    });
    request.on('error', fail);
    request.end(text);
  });
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A place in a document, e.g. `0.action.name`; `*` stands for any one part. */
export type Path = string;

const OBJECT_ID = /\b[0-9a-f]{24}\b/g;
const UUID = /\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;
const TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z/g;
/** Where the recorded StackStorm keeps its packs. */
const RECORDED_PACKS = '/opt/stackstorm/packs';
/** Host, process and duration of a run; their kind is compared. */
const OF_THE_RUN = ['liveaction.runner_info.hostname', 'liveaction.runner_info.pid', 'elapsed_seconds'];

const covers = (pattern: Path, path: readonly string[]): boolean => {
  const parts = pattern.split('.');
  return parts.length === path.length && parts.every((part, n) => part === '*' || part === path[n]);
};

export interface Steadying {
  /** Where this run's packs are. */
  packs?: string;
  /** Places that differ on purpose; their kind is compared. */
  except?: readonly Path[];
}

/**
 * A document in which ids, times, generated names (UUIDs) and the directory of the packs are replaced by what they are, wherever they stand
 * and only where a value has their exact form; what remains must be equal.
 */
export function steady(document: unknown, { packs = RECORDED_PACKS, except = [] }: Steadying = {}): unknown {
  const visit = (value: unknown, path: readonly string[]): unknown => {
    // A list's rows have the same attributes as a document.
    const inRow = /^\d+$/.test(path[0] ?? '') ? path.slice(1) : path;
    if (OF_THE_RUN.some((name) => covers(name, inRow)) || except.some((name) => covers(name, path)))
      return typeof value;
    if (Array.isArray(value)) return value.map((inner, n) => visit(inner, [...path, String(n)]));
    if (isObject(value)) {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visit(inner, [...path, key])]));
    }
    if (typeof value !== 'string') return value;
    return value
      .replaceAll(RECORDED_PACKS, '<packs>')
      .replaceAll(packs, '<packs>')
      .replace(TIME, '<time>')
      .replace(OBJECT_ID, '<id>')
      .replace(UUID, '<uuid>');
  };
  return visit(document, []);
}

/** Depends on the run or the number of rows; everything else of the recorded headers is compared by value. */
const OF_THE_REPLY: ReadonlySet<string> = new Set(['content-length', 'x-request-id', 'x-total-count']);

/** The recorded headers as name and value, by presence where the value is the run's. */
export function steadyHeaders(recorded: Recording['headers'], reply: Reply['headers']): Record<string, unknown>[] {
  const of = (headers: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(
      Object.keys(recorded).map((name) => [name, OF_THE_REPLY.has(name) ? name in headers : headers[name]]),
    );
  return [of(recorded), of(reply)];
}
