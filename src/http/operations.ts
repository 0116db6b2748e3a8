import express, { Router } from 'express';
import type { Express } from 'express';
import type { Registry } from 'prom-client';
import { messageOf } from '../model/errors';
import type { HealthCheck } from '../services/listing';
import { cors } from './cors';
import { parseBody } from './body';
import { notFound, sendJson } from './errors';

/** Handlers of Temporal's remote codec protocol. */
export interface CodecHandlers {
  encode(body: unknown): Promise<object>;
  decode(body: unknown): Promise<object>;
}

const CHECK_TIMEOUT_MS = 3_000;

async function run(check: HealthCheck): Promise<{ name: string; reason: string } | null> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${CHECK_TIMEOUT_MS} ms`)), CHECK_TIMEOUT_MS);
  });
  try {
    await Promise.race([check.check(), tooLate]);
    return null;
  } catch (error) {
    return { name: check.name, reason: messageOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** `health` is read at each request, so entries may come and go. /healthz (the process lives), /readyz (what it needs is there; 503 names what is not) and /metrics. */
export function operationsRouter(health: readonly HealthCheck[], metrics: Registry): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => sendJson(response, 200, { status: 'ok' }));
  router.get('/readyz', async (_request, response) => {
    const missing = (await Promise.all(health.map(run))).filter((problem) => problem !== null);
    if (missing.length === 0) sendJson(response, 200, { status: 'ready' });
    else sendJson(response, 503, { status: 'not ready', missing });
  });
  router.get('/metrics', async (_request, response) => {
    response.setHeader('Content-Type', metrics.contentType);
    response.end(await metrics.metrics());
  });
  return router;
}

/** An app that answers nothing else: what processes without the API tell of themselves. */
export function createOperationsApp(health: readonly HealthCheck[], metrics: Registry): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use(operationsRouter(health, metrics));
  app.use(notFound);
  return app;
}

/** POST /codec/encode and /codec/decode for Temporal's Web UI and command line; the browser needs the Web UI's origin allowed. */
export function codecRouter(handlers: CodecHandlers, origins: readonly string[]): Router {
  const router = Router();
  router.use('/codec', cors(origins, ['X-Namespace']));
  router.post('/codec/encode', async (request, response) =>
    sendJson(response, 200, await handlers.encode(parseBody(request))),
  );
  router.post('/codec/decode', async (request, response) =>
    sendJson(response, 200, await handlers.decode(parseBody(request))),
  );
  return router;
}
