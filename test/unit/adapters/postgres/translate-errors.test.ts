import { EverstormError } from '../../../../src/model/errors';
import { isConnectionError, translated } from '../../../../src/adapters/postgres/translate-errors';

const coded = (code: string, more: object = {}): Error => Object.assign(new Error('secret value'), { code, ...more });

describe('errors of the database', () => {
  it.each([
    [coded('08006'), 'UNAVAILABLE'],
    [coded('57P03'), 'UNAVAILABLE'],
    [coded('53300'), 'UNAVAILABLE'],
    [coded('57014'), 'TIMED_OUT'],
    [coded('28P01'), 'CONFIGURATION'],
    [coded('3D000'), 'CONFIGURATION'],
    [coded('23505'), 'CONFLICT'],
    [coded('42P01'), 'INTERNAL'],
    [coded('EPIPE', { syscall: 'write' }), 'UNAVAILABLE'],
    [coded('ECONNREFUSED', { syscall: 'connect' }), 'UNAVAILABLE'],
    [new Error('timeout exceeded when trying to connect'), 'UNAVAILABLE'],
  ])('%# are told by their code: %s', (error, code) => {
    expect(translated(error)).toMatchObject({ code });
    expect((translated(error) as Error).message).not.toContain('secret');
  });

  it('leave our own errors and programming errors as they are', () => {
    for (const error of [new EverstormError('NOT_FOUND', 'x'), new TypeError('x')])
      expect(translated(error)).toBe(error);
  });

  it('condemn the connection only when the connection failed', () => {
    expect(isConnectionError(coded('57P01'))).toBe(true);
    expect(isConnectionError(new Error('Query read timeout'))).toBe(true);
    expect(isConnectionError(coded('40P01'))).toBe(false);
    expect(isConnectionError(coded('23505'))).toBe(false);
  });
});
