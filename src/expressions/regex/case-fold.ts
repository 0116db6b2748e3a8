/** One character for all that Python's IGNORECASE takes as the same. */
export function canonical(code: number, ascii: boolean): number {
  if (code < 128) return code >= 97 && code <= 122 ? code - 32 : code;
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

/** Characters that are neither the canonical form of their kind nor its lower case. */
const OTHERS = [
  ...[0xb5, 0x130, 0x131, 0x17f, 0x1c5, 0x1c8, 0x1cb, 0x1f2, 0x345, 0x3c2, 0x3d0, 0x3d1, 0x3d5, 0x3d6, 0x3f0, 0x3f1],
  ...[0x3f4, 0x3f5, 0x1c80, 0x1c81, 0x1c82, 0x1c83, 0x1c84, 0x1c85, 0x1c86, 0x1c87, 0x1c88, 0x1e9b, 0x1e9e],
  ...[0x1f88, 0x1f89, 0x1f8a, 0x1f8b, 0x1f8c, 0x1f8d, 0x1f8e, 0x1f8f, 0x1f98, 0x1f99, 0x1f9a, 0x1f9b, 0x1f9c],
  ...[0x1f9d, 0x1f9e, 0x1f9f, 0x1fa8, 0x1fa9, 0x1faa, 0x1fab, 0x1fac, 0x1fad, 0x1fae, 0x1faf, 0x1fbc, 0x1fbe],
  ...[0x1fcc, 0x1fd3, 0x1fe3, 0x1ffc, 0x2126, 0x212a, 0x212b, 0xfb06],
];
const others = new Map<number, number[]>();
for (const code of OTHERS) others.set(wide(code), [...(others.get(wide(code)) ?? []), code]);

const kinds = new Map<number, readonly number[]>();

/** The other characters that are the same as this one when case is ignored. */
export function sameInAnyCase(code: number, ascii: boolean): readonly number[] {
  if (ascii) return code < 128 ? asciiOther(code) : [];
  const known = kinds.get(code);
  if (known) return known;
  const folded = canonical(code, false);
  const kind = [folded, lower(folded), ...(others.get(folded) ?? [])].filter((other) => other !== code);
  if (kinds.size < CACHE_SIZE) kinds.set(code, kind);
  return kind;
}

function asciiOther(code: number): readonly number[] {
  const folded = canonical(code, true);
  return folded >= 65 && folded <= 90 ? [folded === code ? code + 32 : folded] : [];
}
