import { encodeString } from '../python/json';
import { str } from '../python/text';
import type { Value } from '../python/values';

/** StackStorm's marker for None where only text survives; rendered values that equal it become null. */
export const NONE_MARKER = '%*****__%NONE%__*****%';

/** `use_none`. */
export const useNone = (value: Value): Value => (value === null ? NONE_MARKER : value);

/** `json_escape`: the text as it stands between the quotes of JSON. */
export const jsonEscape = (value: Value): string => encodeString(str(value)).slice(1, -1);
