import { EverstormError } from '../../model/errors';
import { isJsonObject } from '../../model/json';
import type { Services } from '../../services/create-services';
import { ExecutionChange, ExecutionRequest, ReRunRequest } from '../../services/executions';
import { parseRequest } from '../../services/request-text';
import { booleanOf, projectionOf } from '../list';
import type { ApiRequest, Route } from '../route';
import { BESIDE_ACTION, EXECUTION_ATTRIBUTES, executionListRoutes } from './execution-lists';

const tag = 'executions';
const idOf = ({ params }: ApiRequest): string => params['id'] ?? '';

/** Header `St2-Context`: a JSON object that is merged into the execution's context. */
function contextHeader(headers: ApiRequest['headers']): Record<string, unknown> {
  const name = Object.keys(headers).find((key) => key.toLowerCase() === 'st2-context');
  if (name === undefined) return {};
  try {
    const parsed = JSON.parse(headers[name] ?? '') as unknown;
    if (isJsonObject(parsed)) return parsed;
  } catch {
    // told below, together with JSON that is no object
  }
  throw new EverstormError('INVALID_REQUEST', 'The st2-context header is not a JSON object.', { field: 'st2-context' });
}

export function executionRoutes({ executions }: Services): Route[] {
  const write: Route[] = [
    {
      method: 'post', path: '/executions', tag, summary: 'Start an action', body: ExecutionRequest, status: 201,
      handle: async ({ principal, body, headers }) => {
        const request = parseRequest(ExecutionRequest, body);
        const context = { ...request.context, ...contextHeader(headers) };
        return { body: await executions.start(principal, parseRequest(ExecutionRequest, { ...request, context })) };
      },
    },
    {
      method: 'post', path: '/executions/{id}/re_run', tag, summary: 'Start the same again', body: ReRunRequest, status: 201,
      query: { no_merge: 'Take only the given parameters.' },
      handle: async (asked) => {
        const noMerge = booleanOf(asked.query, 'no_merge') ?? false;
        const request = parseRequest(ReRunRequest, asked.body);
        return { body: await executions.reRun(asked.principal, idOf(asked), { request, noMerge }) };
      },
    },
    {
      method: 'put', path: '/executions/{id}', tag, summary: 'Ask for another status', body: ExecutionChange,
      handle: async (asked) => ({
        body: await executions.change(asked.principal, idOf(asked), parseRequest(ExecutionChange, asked.body)),
      }),
    },
    {
      method: 'delete', path: '/executions/{id}', tag, summary: 'Cancel',
      handle: async (asked) => {
        const outcome = await executions.cancel(asked.principal, idOf(asked));
        return { body: outcome.kind === 'canceled' ? outcome.execution : { faultstring: outcome.faultstring } };
      },
    },
  ]; // prettier-ignore
  const read: Route[] = [
    {
      method: 'get', path: '/executions/{id}', tag, summary: 'An execution; id may be `last`',
      handle: async (asked) => {
        const project = projectionOf(asked.query, EXECUTION_ATTRIBUTES, BESIDE_ACTION);
        return { body: project(await executions.get(asked.principal, idOf(asked))) };
      },
    },
    {
      method: 'get', path: '/executions/{id}/output', tag, summary: 'Standard output and error', query: { output_type: 'stdout, stderr or all.' },
      handle: async (asked) => ({
        body: await executions.output(asked.principal, idOf(asked), asked.query.text('output_type')),
        type: 'text/plain; charset=UTF-8',
      }),
    },
    {
      method: 'get', path: '/executions/{id}/result', tag, summary: 'The raw result', query: { pretty_format: 'Indent.', download: 'As a file.' },
      handle: async (asked) => {
        const result = await executions.result(asked.principal, idOf(asked));
        const download = booleanOf(asked.query, 'download') === true;
        const indent = booleanOf(asked.query, 'pretty_format') === true ? 4 : undefined;
        const name = `attachment; filename=execution_${idOf(asked)}_result.json`;
        return {
          body: JSON.stringify(result, null, indent),
          type: 'text/json',
          headers: download ? { 'Content-Disposition': name } : {},
        };
      },
    },
    {
      method: 'get', path: '/executions/{id}/attribute/{attribute}', tag, summary: 'One attribute',
      handle: async (asked) => ({
        body: await executions.attribute(asked.principal, idOf(asked), asked.params['attribute'] ?? ''),
      }),
    },
    {
      method: 'get', path: '/executions/{id}/children', tag, summary: 'Executions that this one started',
      handle: async (asked) => ({ body: await executions.children(asked.principal, idOf(asked)) }),
    },
  ]; // prettier-ignore
  return [...executionListRoutes(executions), ...write, ...read];
}
