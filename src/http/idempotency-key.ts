import { EverstormError } from '../model/errors';

const MAX_LENGTH = 200;

/** The request's `Idempotency-Key`, under which it may be repeated; undefined when it has none. Throws INVALID_REQUEST when it is empty or long. */
export function idempotencyKey(headers: Readonly<Record<string, string>>): string | undefined {
  const name = Object.keys(headers).find((header) => header.toLowerCase() === 'idempotency-key');
  const key = name === undefined ? undefined : headers[name];
  if (key === undefined || (key !== '' && key.length <= MAX_LENGTH)) return key;
  throw new EverstormError('INVALID_REQUEST', `Idempotency-Key: expected 1 to ${MAX_LENGTH} characters.`, {
    field: 'Idempotency-Key',
  });
}
