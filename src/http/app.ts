import { randomUUID } from 'node:crypto';
import express from 'express';
import type { Express, RequestHandler } from 'express';
import type { Registry } from 'prom-client';
import type { Services } from '../services/create-services';
import type { HealthCheck } from '../services/listing';
import type { Logger } from '../telemetry/logger';
import { cors } from './cors';
import { errorHandler, notFound, sendJson } from './errors';
import { mount } from './mount';
import { openApiDocument } from './openapi';
import type { CodecHandlers } from './operations';
import { codecRouter, operationsRouter } from './operations';
import type { Route } from './route';
import { actionRoutes } from './routes/actions';
import { backfillRoutes } from './routes/backfills';
import { catalogueRoutes } from './routes/catalogue';
import { deadLetterRoutes } from './routes/dead-letters';
import { enforcementRoutes } from './routes/enforcements';
import { executionRoutes } from './routes/executions';
import { readModelRoutes } from './routes/read-model';
import { ruleRoutes } from './routes/rules';
import { triggerInstanceRoutes } from './routes/trigger-instances';
import { triggerRoutes } from './routes/triggers';
import { versionRoutes } from './routes/versions';
import { webhookRoutes } from './routes/webhooks';

export interface HttpAppOptions {
  services: Services;
  health: readonly HealthCheck[];
  metrics: { registry: Registry };
  /** Mounted under /codec when given; whoever reaches the port can then read payloads. */
  codecHandlers?: CodecHandlers;
  /** Origin of Temporal's Web UI, for the codec. */
  temporalUiOrigin?: string;
  /** Origins of browsers that may use the API. */
  allowedOrigins?: readonly string[];
  log: Logger;
  version: string;
}

const BODY_LIMIT = '1mb';
const MOUNTED_AT = ['/api/v1', '/v1'];
/** StackStorm's default. */
const DEFAULT_ORIGINS = ['http://127.0.0.1:3000'];

/** As in StackStorm a request without an id gets one, which then counts as its header: events of webhooks carry it. */
const requestId: RequestHandler = (request, response, next) => {
  if (request.headers['x-request-id'] === undefined) {
    const id = randomUUID();
    request.headers['x-request-id'] = id;
    request.rawHeaders.push('X-Request-Id', id);
  }
  response.setHeader('X-Request-ID', request.headers['x-request-id']);
  next();
};

function routesOf(services: Services, version: string): Route[] {
  return [
    {
      method: 'get',
      path: '/',
      tag: 'about',
      summary: 'Version',
      handle: () => Promise.resolve({ body: { version, docs_url: 'https://docs.stackstorm.com/' } }),
    },
    ...actionRoutes(services),
    ...executionRoutes(services),
    ...ruleRoutes(services),
    ...backfillRoutes(services),
    ...triggerRoutes(services),
    ...triggerInstanceRoutes(services),
    ...enforcementRoutes(services),
    ...deadLetterRoutes(services),
    ...webhookRoutes(services),
    ...catalogueRoutes(services),
    ...readModelRoutes(services),
    ...versionRoutes(services),
  ];
}

/** The API role's Express app: StackStorm's REST v1 at /api/v1 and /v1, and the platform's own endpoints. */
export function createHttpApp(options: HttpAppOptions): Express {
  const { services, health, metrics, codecHandlers, temporalUiOrigin, log, version } = options;
  const routes = routesOf(services, version);
  const document = openApiDocument(routes, version);
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use(requestId);
  app.use(operationsRouter(health, metrics.registry));
  app.get('/openapi.json', (_request, response) => sendJson(response, 200, document));
  const reader = express.raw({ type: () => true, limit: BODY_LIMIT });
  if (codecHandlers) app.use(reader, codecRouter(codecHandlers, temporalUiOrigin ? [temporalUiOrigin] : []));
  app.use(cors(options.allowedOrigins ?? DEFAULT_ORIGINS));
  app.use(reader);
  app.use(MOUNTED_AT, mount(routes));
  app.use(notFound);
  app.use(errorHandler(log));
  return app;
}
