import { EverstormError, errorCode } from '../../model/errors';
import type { ErrorCode } from '../../model/errors';

/** SQLSTATE by code or by class (its first two characters). Codes and class 08 aside, texts may hold values, so they are not passed on. */
const BY_SQLSTATE: Record<string, { code: ErrorCode; text: string }> = {
  '08': { code: 'UNAVAILABLE', text: 'the connection to the database broke' },
  '40': { code: 'UNAVAILABLE', text: 'the database rolled a transaction back in favour of another' },
  '53': { code: 'UNAVAILABLE', text: 'the database is out of resources (connections, memory or disk)' },
  '57': { code: 'UNAVAILABLE', text: 'the database is starting, stopping, or ended the session' },
  '57014': { code: 'TIMED_OUT', text: 'the database did not finish a query in time' },
  '55P03': { code: 'TIMED_OUT', text: 'the database did not grant a lock in time' },
  '28': { code: 'CONFIGURATION', text: 'the database refused the credentials: check DATABASE_URL' },
  '3D000': { code: 'CONFIGURATION', text: 'the database named in DATABASE_URL does not exist: create it' },
  '23505': { code: 'CONFLICT', text: 'another document has this id' },
  '22021': { code: 'INVALID_REQUEST', text: 'a value holds characters that the database cannot compare' },
  '22P05': { code: 'INVALID_REQUEST', text: 'a value holds characters that the database cannot compare' },
};

const SQLSTATE = /^[0-9A-Z]{5}$/;

/**
 * An error of `pg` or PGlite as one of the catalogue. Without an SQLSTATE it came from the connection (a socket's error has an
 * errno code, the pool's own time-outs are plain `Error`s); anything else without one is a fault of ours and stays as it is.
 */
export function translated(error: unknown): unknown {
  if (errorCode(error) !== null) return error;
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string' && SQLSTATE.test(code) && !isErrno(error)) {
    const known = BY_SQLSTATE[code] ?? BY_SQLSTATE[code.slice(0, 2)];
    const { code: ours, text } = known ?? { code: 'INTERNAL' as const, text: 'the database refused a query' };
    return new EverstormError(ours, `${text} (SQLSTATE ${code})`, {}, { cause: error });
  }
  if (!isErrno(error) && !isPlainError(error)) return error;
  return new EverstormError('UNAVAILABLE', 'the database cannot be reached', {}, { cause: error });
}

/** True when the connection itself can't be trusted any more. */
export const isConnectionError = (error: unknown): boolean =>
  errorCode(translated(error)) === 'UNAVAILABLE' && !/^(40|53)/.test(String((error as { code?: unknown }).code));

const isErrno = (error: unknown): boolean => typeof (error as { syscall?: unknown } | null)?.syscall === 'string';
const isPlainError = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'Error' || error.name === 'AggregateError');

/** The same object whose methods throw errors of the catalogue. */
export function translating<T extends object>(methods: T): T {
  const wrapped = Object.entries(methods).map(([name, method]) => [
    name,
    async (...args: unknown[]): Promise<unknown> => {
      try {
        return await (method as (...args: unknown[]) => Promise<unknown>)(...args);
      } catch (error) {
        throw translated(error);
      }
    },
  ]);
  return Object.fromEntries(wrapped) as T;
}
