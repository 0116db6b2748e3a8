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
    if (details.retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(details.retryAfterSeconds));
    sendJson(response, ERRORS[code].http, {
      ...(details.conflictId === undefined ? {} : { 'conflict-id': details.conflictId }),
      faultstring: messageOf(error),
    });
  };
}
