import { EverstormError } from '../model/errors';

/** A template that can't be parsed; says where (line and column from 1). */
export function syntaxError(message: string, source: string, offset: number): EverstormError {
  const before = source.slice(0, offset).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  return new EverstormError('EXPRESSION_SYNTAX', `${message} (line ${before.length}, column ${column})`);
}

/** An expression that can't be evaluated with this context. */
export function failed(message: string): EverstormError {
  return new EverstormError('EXPRESSION_FAILED', message);
}

/** An expression that asks for more than the bounds allow. */
export function beyondBound(message: string): EverstormError {
  return new EverstormError('EXPRESSION_BOUND', message);
}
