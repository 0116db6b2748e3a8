import { dumps } from '../python/json';
import { trimmed } from '../python/split';
import type { Value } from '../python/values';

/** StackStorm's marker for None where only text survives; rendered values that equal it become null. */
export const NONE_MARKER = '%*****__%NONE%__*****%';

/** `use_none`. */
export const useNone = (value: Value): Value => (value === null ? NONE_MARKER : value);

/** `json_escape`: JSON without the quotes around it (nor any others at its ends). */
export const jsonEscape = (value: Value): string => trimmed(dumps(value), { chars: '"' });
