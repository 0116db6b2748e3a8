import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { ERRORS, EverstormError, errorCode, messageOf } from '../model/errors';
import type { Logger } from '../telemetry/logger';

const JSON_TYPE = 'application/json';

/** Sends JSON with StackStorm's exact media type (no charset). */
export function sendJson(response: Response, status: number, body: unknown): void {
  response.status(status).setHeader('Content-Type', JSON_TYPE);
  response.end(JSON.stringify(body));
}

export const notFound: RequestHandler = (_request, response) =>
  sendJson(response, 404, { faultstring: 'The resource could not be found.' });

interface BodyReaderError {
  type?: string;
  status?: number;
}

/** Errors of Express itself and of its body reader as errors of the catalogue. */
function translate(error: unknown): unknown {
  const { type, status } = (error ?? {}) as BodyReaderError;
  if (type === 'entity.too.large')
    return new EverstormError('BODY_TOO_LARGE', 'The request body is larger than 1 MiB.');
  if (type === 'request.aborted' || type === 'request.size.invalid') {
    return new EverstormError('MALFORMED_BODY', 'Failed to parse request body: it ended early.');
  }
  if (type === 'encoding.unsupported') {
    return new EverstormError('UNSUPPORTED_MEDIA_TYPE', 'The encoding of the request body is not supported.');
  }
  if (error instanceof URIError || status === 400) {
    return new EverstormError('INVALID_REQUEST', 'The path of the request is not properly encoded.');
  }
  return error;
}

/** When a dependency is away, who asked may try again so much later. */
const OUTAGE_RETRY_SECONDS = 5;

/** Every error as `{"faultstring"}`, with the status of its code; what has no code is a defect: logged, and told as StackStorm tells it. */
export function errorHandler(log: Logger): ErrorRequestHandler {
  return (thrown, request, response, next) => {
    if (response.headersSent) return next(thrown);
    const error = translate(thrown);
    const code = errorCode(error);
    if (code === null || ERRORS[code].http >= 500)
      log.error({ err: error, path: request.path, code }, 'request failed');
    if (code === null || code === 'INTERNAL') return sendJson(response, 500, { faultstring: 'Internal Server Error' });
    const details = (error as Partial<EverstormError>).details ?? {};
    const retryAfter = details.retryAfterSeconds ?? (ERRORS[code].http === 503 ? OUTAGE_RETRY_SECONDS : undefined);
    if (retryAfter !== undefined) response.setHeader('Retry-After', String(retryAfter));
    sendJson(response, ERRORS[code].http, {
      ...(details.conflictId === undefined ? {} : { 'conflict-id': details.conflictId }),
      faultstring: messageOf(error),
    });
  };
}
