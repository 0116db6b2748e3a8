import { OpenApiGeneratorV31, OpenAPIRegistry, extendZodWithOpenApi } from '@asteasolutions/zod-to-openapi';
import type { ZodMediaTypeObject } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import type { Route } from './route';

extendZodWithOpenApi(z);

const Fault = z.object({ faultstring: z.string(), 'conflict-id': z.string().optional() });
const NAMES = /\{\+?(\w+)\}/g;

/** By zod itself: zod-to-openapi refuses `z.custom`, with which the model says "any JSON". */
function bodySchema(body: z.ZodType): ZodMediaTypeObject['schema'] {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(body, { unrepresentable: 'any', io: 'input' });
  return schema as ZodMediaTypeObject['schema'];
}

function describe(registry: OpenAPIRegistry, route: Route): void {
  const names = [...route.path.matchAll(NAMES)].map(([, name]) => name as string);
  const query = Object.entries(route.query ?? {}).map(([name, text]) => [name, z.string().optional().describe(text)]);
  const status = route.status ?? 200;
  registry.registerPath({
    method: route.method,
    path: `/api/v1${route.path.replace('{+', '{')}`,
    summary: route.summary,
    tags: [route.tag],
    request: {
      params: z.object(Object.fromEntries(names.map((name) => [name, z.string()]))),
      query: z.object(Object.fromEntries(query) as Record<string, z.ZodType>),
      ...(route.body && { body: { content: { 'application/json': { schema: bodySchema(route.body) } } } }),
    },
    responses: {
      [status]: { description: status === 204 ? 'Done; no body.' : 'The answer, in StackStorm’s shape.' },
      default: { description: 'An error.', content: { 'application/json': { schema: Fault } } },
    },
  });
}

/** The OpenAPI 3.1 document of the routes, from the schemas that the services parse with. */
export function openApiDocument(routes: readonly Route[], version: string): object {
  const registry = new OpenAPIRegistry();
  for (const route of routes) describe(registry, route);
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: { title: 'Everstorm', version, description: 'StackStorm’s REST API v1, on durable execution.' },
  });
}
