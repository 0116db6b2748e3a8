import type { JsonValue } from '../model/json';
import { isJsonObject } from '../model/json';
import { CliError, EXIT } from './io';

const ANSWER_WITHIN_MS = 30_000;

export interface ApiAnswer {
  body: JsonValue;
  /** X-Total-Count, when the answer is a page. */
  total: number | null;
}

export interface ApiClient {
  /** Throws CliError: `failed` with the server's text for an answer of 400 or more, `unreachable` when none came in time. */
  request(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: JsonValue,
    headers?: Record<string, string>,
  ): Promise<ApiAnswer>;
}

/** The REST API under `<url>/api/v1`; an answer is waited for 30 s unless told otherwise. */
export function createApiClient(url: string, answerWithinMs = ANSWER_WITHIN_MS): ApiClient {
  return {
    request: async (method, path, body, headers = {}) => {
      const answer = await send(`${url}/api/v1${path}`, url, {
        method,
        signal: AbortSignal.timeout(answerWithinMs),
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      const parsed = parse(text);
      if (!answer.ok) throw new CliError(faultOf(parsed) ?? `the server answered ${answer.status}`, EXIT.failed);
      if (parsed === undefined) throw new CliError('the server answered something that is not JSON', EXIT.failed);
      const total = answer.headers.get('x-total-count');
      return { body: parsed, total: total === null ? null : Number(total) };
    },
  };
}

async function send(target: string, url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(target, init);
  } catch (error) {
    const reason = (error as { cause?: { code?: unknown } }).cause?.code;
    throw new CliError(
      `no answer from ${url}${typeof reason === 'string' ? ` (${reason})` : ''}; is Everstorm running (npm start), or is --url / EVERSTORM_API_URL wrong?`,
      EXIT.unreachable,
    );
  }
}

function parse(text: string): JsonValue | undefined {
  if (text === '') return null;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

const faultOf = (body: JsonValue | undefined): string | null =>
  isJsonObject(body) && typeof body['faultstring'] === 'string' ? body['faultstring'] : null;
