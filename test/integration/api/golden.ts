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
