import type { Request, Response } from 'express';
import { Router } from 'express';
import { parseBody } from './body';
import { sendJson } from './errors';
import { principalOf } from './principal';
import type { Answer, ApiRequest, Query, Route } from './route';

/** `/a/{b}` and `/a/{+b}` in Express's notation. */
const expressPath = (path: string): string => path.replace(/\{\+(\w+)\}/g, '*$1').replace(/\{(\w+)\}/g, ':$1');

function queryOf(request: Request): Query {
  const start = request.originalUrl.indexOf('?');
  const values = new URLSearchParams(start < 0 ? '' : request.originalUrl.slice(start + 1));
  return { text: (name) => values.getAll(name).at(-1) };
}

function headersOf(request: Request): Record<string, string> {
  const headers = new Map<string, string>();
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
    const name = request.rawHeaders[i] as string;
    const earlier = headers.get(name);
    const value = request.rawHeaders[i + 1] as string;
    headers.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  return Object.fromEntries(headers);
}

function apiRequest(request: Request): ApiRequest {
  const params = Object.entries(request.params as Record<string, string | string[]>).map(
    ([name, value]) => [name, Array.isArray(value) ? value.join('/') : value] as const,
  );
  return {
    principal: principalOf(request),
    params: Object.fromEntries(params),
    query: queryOf(request),
    body: parseBody(request),
    headers: headersOf(request),
  };
}

function send(response: Response, answer: Answer, status: number): void {
  response.set(answer.headers ?? {});
  if (answer.body === undefined) {
    response.status(status).end();
  } else if (answer.type === undefined) {
    sendJson(response, status, answer.body);
  } else {
    response.status(status).setHeader('Content-Type', answer.type);
    const raw = typeof answer.body === 'string' || Buffer.isBuffer(answer.body);
    response.end(raw ? answer.body : JSON.stringify(answer.body));
  }
}

/** A router of the routes, in their order. */
export function mount(routes: readonly Route[]): Router {
  const router = Router();
  for (const route of routes) {
    router[route.method](expressPath(route.path), async (request, response) => {
      const answer = await route.handle(apiRequest(request));
      send(response, answer, answer.status ?? route.status ?? 200);
    });
  }
  return router;
}
