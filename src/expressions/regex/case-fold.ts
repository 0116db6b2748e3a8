/** One character for all that Python's IGNORECASE takes as the same. */
export function canonical(code: number, ascii: boolean): number {
  if (code < 128) {
    if (code >= 97 && code <= 122) return code - 32;
    return code;
  }
  return ascii ? code : wide(code);
}

const cache = new Map<number, number>();
const CACHE_SIZE = 4_096;

function wide(code: number): number {
  const known = cache.get(code);
  if (known !== undefined) return known;
  const folded = SAME.get(code) ?? upper(lower(code));
  if (cache.size < CACHE_SIZE) cache.set(code, folded);
  return folded;
}

/** Characters whose full upper case is longer than one, yet which have a simple one in common. */
const SAME: ReadonlyMap<number, number> = new Map([
  [0x1fd3, 0x390],
  [0x1fe3, 0x3b0],
  [0xfb06, 0xfb05],
  [0x130, 0x49],
]);

function lower(code: number): number {
  return single(String.fromCodePoint(code).toLowerCase(), code);
}

function upper(code: number): number {
  return single(String.fromCodePoint(code).toUpperCase(), code);
}

/** The one character of a text; `otherwise` when it is longer. */
function single(text: string, otherwise: number): number {
  const code = text.codePointAt(0) as number;
  return text.length === (code > 0xffff ? 2 : 1) ? code : otherwise;
}
