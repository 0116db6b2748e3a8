import type { JsonObject, JsonValue } from '../../../src/model/json';
import { isJsonObject } from '../../../src/model/json';
import { EverstormError } from '../../../src/model/errors';
import { FormData } from 'undici';
import type { RunActionInput } from '../../contract';

/** What servers are told; packs and firewalls know StackStorm's name. */
const USER_AGENT = 'st2/v3.9.0';
const DEFAULT_TIMEOUT_SECONDS = 60;

/** A request as the parameters describe it. */
export interface HttpRequest {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: string | FormData | null;
  timeoutSeconds: number;
  allowRedirects: boolean;
  verify: boolean;
  /** Proxy for the URL's scheme, if one is given. */
  proxy: string | null;
  /** Throws for a host that the host lists refuse. Asked again for every redirect. */
  checkHost(url: URL): void;
}

const invalid = (message: string): EverstormError => new EverstormError('INVALID_REQUEST', message);
const str = (value: JsonValue | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null);
const scalar = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value));
const names = (value: JsonValue | undefined): string[] => (Array.isArray(value) ? value.map(scalar) : []);
const record = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {});

function hostCheck(parameters: JsonObject): (url: URL) => void {
  const refused = names(parameters['url_hosts_blacklist']);
  const allowed = names(parameters['url_hosts_whitelist']);
  if (refused.length > 0 && allowed.length > 0) {
    throw invalid(
      '"url_hosts_blacklist" and "url_hosts_whitelist" parameters are mutually exclusive. Only one should be provided.',
    );
  }
  return (url) => {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (refused.includes(host)) throw invalid(`URL "${url.href}" is blacklisted`);
    if (allowed.length > 0 && !allowed.includes(host)) throw invalid(`URL "${url.href}" is not whitelisted`);
  };
}

function formEncoded(values: JsonObject): URLSearchParams {
  const encoded = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    for (const item of Array.isArray(value) ? value : [value]) if (item !== null) encoded.append(name, scalar(item));
  }
  return encoded;
}

function target(url: JsonValue | undefined, params: JsonValue | undefined): URL {
  const text = str(url);
  if (text === null || !URL.canParse(text)) throw invalid('url: expected an absolute http(s) URL');
  const parsed = new URL(text);
  if (!/^https?:$/.test(parsed.protocol)) throw invalid('url: expected an absolute http(s) URL');
  const query = typeof params === 'string' ? params : formEncoded(record(params)).toString();
  if (query !== '') parsed.search = parsed.search === '' ? query : `${parsed.search}&${query}`;
  return parsed;
}

/** JSON is sent in its compact form, whatever form it was given in, as StackStorm does. */
function jsonBody(body: JsonValue): string {
  if (typeof body !== 'string') return JSON.stringify(body);
  try {
    return JSON.stringify(JSON.parse(body));
  } catch {
    throw invalid("Request body can't be parsed as JSON");
  }
}

function filePart({ file_name, file_content, file_content_type }: JsonObject): FormData | null {
  const name = str(file_name);
  const content = str(file_content);
  if (name === null || content === null) return null;
  const type = str(file_content_type);
  const form = new FormData();
  form.set(name, new Blob([content], type === null ? {} : { type }), name);
  return form;
}

/** Fills `headers` in where the body brings its own content type. */
function bodyOf(parameters: JsonObject, headers: Record<string, string>): HttpRequest['body'] {
  const file = filePart(parameters);
  if (file !== null) return file;
  const body = parameters['body'] ?? null;
  if (body === null || body === '') return null;
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  if (type === 'application/json') return jsonBody(body);
  if (!isJsonObject(body)) return scalar(body);
  if (type === undefined) headers['Content-Type'] = 'application/x-www-form-urlencoded';
  return formEncoded(body).toString();
}

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

function authorization(runner: JsonObject, action: JsonObject): string | null {
  const [user, password] = [str(runner['username']), str(runner['password'])];
  if (user !== null || password !== null) return basic(user ?? '', password ?? '');
  const pair = action['auth'];
  return Array.isArray(pair) && pair.length === 2 ? basic(scalar(pair[0] ?? ''), scalar(pair[1] ?? '')) : null;
}

function headersOf(runner: JsonObject, action: JsonObject, actionName: string): Record<string, string> {
  const headers: Record<string, string> = { 'Accept-Encoding': 'gzip, deflate', Accept: '*/*' };
  for (const [name, value] of Object.entries(record(runner['headers']))) {
    for (const own of Object.keys(headers)) if (own.toLowerCase() === name.toLowerCase()) delete headers[own];
    headers[name] = scalar(value);
  }
  headers['User-Agent'] = USER_AGENT;
  headers['X-Stanley-Action'] = actionName;
  const cookies = Object.entries(record(runner['cookies'])).map(([name, value]) => `${name}=${scalar(value)}`);
  if (cookies.length > 0) headers['Cookie'] = cookies.join('; ');
  const credentials = authorization(runner, action);
  if (credentials !== null) headers['Authorization'] = credentials;
  return headers;
}

/** Reads StackStorm's http-request parameters. Throws INVALID_REQUEST for what can't be sent. */
export function httpRequest({
  input,
  runnerParameters: runner,
  actionParameters: action,
}: RunActionInput): HttpRequest {
  const url = target(runner['url'], action['params']);
  const headers = headersOf(runner, action, input.action.name);
  const body = bodyOf(action, headers);
  const timeout = Number(action['timeout'] ?? runner['timeout']);
  const checkHost = hostCheck(runner);
  checkHost(url);
  return {
    url,
    method: str(action['method']) ?? (body === null ? 'GET' : 'POST'),
    headers,
    body,
    timeoutSeconds: timeout > 0 ? timeout : DEFAULT_TIMEOUT_SECONDS,
    allowRedirects: runner['allow_redirects'] === true,
    verify: runner['verify_ssl_cert'] !== false,
    proxy: str(runner[url.protocol === 'https:' ? 'https_proxy' : 'http_proxy']),
    checkHost,
  };
}
