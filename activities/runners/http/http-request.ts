import { Agent, ProxyAgent, request } from 'undici';
import type { Dispatcher } from 'undici';
import { EverstormError, messageOf } from '../../../src/model/errors';
import { ExecutionStatus } from '../../../src/model/statuses';
import type { Runner } from '../runner';
import { httpRequest } from './request';
import type { HttpRequest } from './request';
import { headerRecord, headerValue, readBody, responseResult } from './response';
import type { RawBody } from './response';

const MOST_REDIRECTS = 30;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const BODYLESS: ReadonlySet<number> = new Set([204, 304]);
const TIMEOUTS: ReadonlySet<string> = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

interface Answer {
  statusCode: number;
  headers: Record<string, string>;
  body: RawBody;
}

/** A dispatcher for one run: its connections end with it, as with StackStorm's client. */
function dispatcherFor({ verify, proxy, timeoutSeconds }: HttpRequest): Dispatcher {
  const connect = { rejectUnauthorized: verify, timeout: timeoutSeconds * 1000 };
  return proxy === null ? new Agent({ connect }) : new ProxyAgent({ uri: proxy, requestTls: connect });
}

async function ask(wanted: HttpRequest, dispatcher: Dispatcher, signal: AbortSignal): Promise<Answer> {
  const response = await request(wanted.url, {
    dispatcher,
    signal,
    method: wanted.method as Dispatcher.HttpMethod,
    headers: wanted.headers,
    body: wanted.body,
    headersTimeout: wanted.timeoutSeconds * 1000,
    bodyTimeout: wanted.timeoutSeconds * 1000,
    responseHeaders: 'raw',
  });
  const headers = headerRecord(response.headers as unknown as Buffer[]);
  // Servers that announce a length with a status that has no body are wrong, but StackStorm takes their answer.
  const bodyless = BODYLESS.has(response.statusCode);
  if (bodyless) response.body.on('error', () => undefined).destroy();
  return {
    statusCode: response.statusCode,
    headers,
    body: bodyless ? { bytes: Buffer.alloc(0), cut: false } : await readBody(response.body),
  };
}

const without = (headers: Record<string, string>, unwanted: RegExp): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !unwanted.test(name)));

/** The request that a redirect asks for: a POST becomes a GET unless the status forbids it, and credentials stay with their origin. */
function redirected(wanted: HttpRequest, statusCode: number, location: string): HttpRequest {
  const url = new URL(location, wanted.url);
  wanted.checkHost(url);
  const keepsMethod = statusCode === 307 || statusCode === 308 || wanted.method === 'GET' || wanted.method === 'HEAD';
  const sameOrigin = url.origin === wanted.url.origin;
  const headers = sameOrigin ? wanted.headers : without(wanted.headers, /^(authorization|cookie)$/i);
  return keepsMethod
    ? { ...wanted, url, headers }
    : { ...wanted, url, method: 'GET', body: null, headers: without(headers, /^content-/i) };
}

async function follow(first: HttpRequest, dispatcher: Dispatcher, signal: AbortSignal): Promise<Answer> {
  let wanted = first;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const answer = await ask(wanted, dispatcher, signal);
    const location = headerValue(answer.headers, 'location');
    if (!wanted.allowRedirects || !REDIRECTS.has(answer.statusCode) || location === undefined) return answer;
    wanted = redirected(wanted, answer.statusCode, location);
  }
  throw new EverstormError('ACTION_FAILED', `Exceeded ${MOST_REDIRECTS} redirects.`);
}

const succeeded = (statusCode: number): boolean => statusCode >= 200 && statusCode <= 206;

/** `http-request`: StackStorm's HTTP client. 200 to 206 succeed; no answer in time is status `timeout`. */
export const httpRequestRunner: Runner = async (run, { signal }) => {
  const wanted = httpRequest(run);
  const dispatcher = dispatcherFor(wanted);
  try {
    const { statusCode, headers, body } = await follow(wanted, dispatcher, signal);
    return {
      status: succeeded(statusCode) ? ExecutionStatus.succeeded : ExecutionStatus.failed,
      result: await responseResult(statusCode, headers, body),
    };
  } catch (error) {
    if (!TIMEOUTS.has(String((error as { code?: unknown }).code))) throw error;
    const { hostname, port, protocol } = wanted.url;
    const where = `host='${hostname}', port=${port || (protocol === 'https:' ? '443' : '80')}`;
    return {
      status: ExecutionStatus.timeout,
      result: { error: `${where}: ${messageOf(error)} (timeout=${wanted.timeoutSeconds} seconds)` },
    };
  } finally {
    await dispatcher.destroy();
  }
};
