import type { RequestHandler } from 'express';

const METHODS = 'GET,POST,PUT,DELETE,OPTIONS';
const HEADERS = 'Content-Type,Authorization,X-Auth-Token,St2-Api-Key,X-Request-ID';
const EXPOSED = 'Content-Type,X-Limit,X-Total-Count,X-Request-ID';

/** StackStorm's CORS headers; an origin that is not allowed is told the first that is, so that a browser refuses. OPTIONS is answered here. */
export function cors(allowedOrigins: readonly string[], extraHeaders: readonly string[] = []): RequestHandler {
  const allowHeaders = [HEADERS, ...extraHeaders].join(',');
  return (request, response, next) => {
    const { origin } = request.headers;
    const [fallback = 'null'] = allowedOrigins;
    response.set({
      'Access-Control-Allow-Origin': origin === undefined ? '*' : allowedOrigins.includes(origin) ? origin : fallback,
      'Access-Control-Allow-Methods': METHODS,
      'Access-Control-Allow-Headers': allowHeaders,
      'Access-Control-Allow-Credentials': 'true',
      'Access-Control-Expose-Headers': EXPOSED,
    });
    if (origin !== undefined) response.vary('Origin');
    if (request.method !== 'OPTIONS') return next();
    response.status(200).set('Content-Type', 'text/html; charset=UTF-8').end();
  };
}
