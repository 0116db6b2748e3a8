import { EverstormError } from '../model/errors';

/** StackStorm's texts for a missing resource: one for definitions (by reference or id), one for records (by id). */
export const noSuchReference = (refOrId: string): EverstormError =>
  new EverstormError('NOT_FOUND', `Resource with a reference or id "${refOrId}" not found`);
export const noSuchId = (id: string): EverstormError =>
  new EverstormError('NOT_FOUND', `Unable to identify resource with id "${id}".`);

/** The value, or the error when there is none. */
export function found<T>(value: T | null | undefined, missing: EverstormError): T {
  if (value === null || value === undefined) throw missing;
  return value;
}
