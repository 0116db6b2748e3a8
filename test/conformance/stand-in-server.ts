import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The HTTP server that the recordings talked to, as far as they show it: /json and /status/N echo the request. */
export interface StandIn {
  /** host:port. */
  address: string;
  close(): Promise<void>;
}

/** Header names as they came, but with the capitals that Python's server showed. */
function shownHeaders(request: IncomingMessage): Record<string, string> {
  const shown: Record<string, string> = {};
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
    const name = (request.rawHeaders[i] ?? '').replace(/(^|-)([a-z])/g, (text) => text.toUpperCase());
    shown[name] = request.rawHeaders[i + 1] ?? '';
  }
  return shown;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

const PLAIN: Record<string, [type: string, body: string]> = {
  '/text': ['text/plain', 'plain text'],
  '/badjson': ['application/json', '{bad'],
  '/xml': ['application/xml', '<a>1</a>'],
};

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request);
  const path = (request.url ?? '').split('?')[0] ?? '';
  if (path === '/slow') return;
  if (path === '/redir') {
    response.writeHead(302, { Location: '/json', 'Content-Length': '0' }).end();
    return;
  }
  const echo = JSON.stringify({ method: request.method, path: request.url, body, headers: shownHeaders(request) });
  const [type, text] = PLAIN[path] ?? ['application/json', echo];
  const status = Number(/^\/status\/(\d+)$/.exec(path)?.[1] ?? 200);
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': String(Buffer.byteLength(text)),
    'X-Test': '1',
    'Set-Cookie': 'a=b',
  });
  response.end(text);
}

export async function startStandIn(): Promise<StandIn> {
  const server: Server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
