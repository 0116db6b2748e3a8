import { failed } from '../errors';
import { escapeCode, reprString } from './text';
import { PyBytes } from './values';

type Encoding = 'utf-8' | 'ascii' | 'latin-1';

const NAMES: ReadonlyMap<string, Encoding> = new Map<string, Encoding>([
  ...['utf8', 'utf', 'u8', 'utf8ucs2', 'cp65001'].map((name) => [name, 'utf-8'] as const),
  ...['ascii', 'usascii', '646'].map((name) => [name, 'ascii'] as const),
  ...['latin1', 'latin', 'iso88591', '88591', 'l1', 'cp819', 'iso8859'].map((name) => [name, 'latin-1'] as const),
]);

function encodingOf(name: string): Encoding {
  const known = NAMES.get(name.toLowerCase().replaceAll(/[-_ ]/g, ''));
  if (!known) throw failed(`unknown encoding: ${name}`, 'LookupError');
  return known;
}

/** `text.encode(encoding, errors)`. Throws UnicodeEncodeError, LookupError. */
export function encode(text: string, encoding = 'utf-8', errors = 'strict'): PyBytes {
  const known = encodingOf(encoding);
  const limit = { 'utf-8': 0x110000, ascii: 128, 'latin-1': 256 }[known];
  const bytes: number[] = [];
  let position = 0;
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    const surrogate = code >= 0xd800 && code < 0xe000;
    if (code < limit && !surrogate) bytes.push(...(known === 'utf-8' ? utf8(code) : [code]));
    else bytes.push(...Array.from(unencodable(char, errors, { known, position }), (c) => c.charCodeAt(0)));
    position += 1;
  }
  return new PyBytes(Uint8Array.from(bytes));
}

function unencodable(char: string, errors: string, at: { known: Encoding; position: number }): string {
  const code = char.codePointAt(0) as number;
  switch (errors) {
    case 'ignore':
      return '';
    case 'replace':
      return '?';
    case 'xmlcharrefreplace':
      return `&#${code};`;
    case 'backslashreplace':
      return escapeCode(code);
    case 'strict': {
      const why =
        at.known === 'utf-8' ? 'surrogates not allowed' : `ordinal not in range(${at.known === 'ascii' ? 128 : 256})`;
      const message = `'${at.known}' codec can't encode character '${escapeCode(code)}' in position ${at.position}: ${why}`;
      throw failed(message, 'UnicodeEncodeError');
    }
    default:
      throw failed(`unknown error handler name ${reprString(errors)}`, 'LookupError');
  }
}

function utf8(code: number): number[] {
  if (code < 0x80) return [code];
  if (code < 0x800) return [0xc0 | (code >> 6), 0x80 | (code & 63)];
  const last = [0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
  if (code < 0x10000) return [0xe0 | (code >> 12), ...last];
  return [0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), ...last];
}

/** `bytes.decode(encoding, errors)`. Throws UnicodeDecodeError, LookupError. */
export function decode(bytes: Uint8Array, encoding = 'utf-8', errors = 'strict'): string {
  const known = encodingOf(encoding);
  let out = '';
  for (let at = 0; at < bytes.length;) {
    const read = known === 'utf-8' ? readUtf8(bytes, at) : readByte(bytes[at] as number, known);
    out +=
      read.code === null ? undecodable(bytes[at] as number, errors, { known, at }) : String.fromCodePoint(read.code);
    at += read.size;
  }
  return out;
}

interface Read {
  code: number | null;
  size: number;
}

const readByte = (byte: number, known: Encoding): Read => ({
  code: known === 'ascii' && byte > 127 ? null : byte,
  size: 1,
});

function readUtf8(bytes: Uint8Array, at: number): Read {
  const first = bytes[at] as number;
  if (first < 0x80) return { code: first, size: 1 };
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return { code: null, size: 1 };
  let code = first & (0x7f >> size);
  for (let index = 1; index < size; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined || !continues(byte, index, first)) return { code: null, size: index };
    code = (code << 6) | (byte & 63);
  }
  return { code, size };
}

/** No overlong forms, no surrogates, nothing beyond U+10FFFF. */
function continues(byte: number, index: number, first: number): boolean {
  if (byte < 0x80 || byte > 0xbf) return false;
  if (index > 1) return true;
  if (first === 0xe0) return byte >= 0xa0;
  if (first === 0xed) return byte < 0xa0;
  if (first === 0xf0) return byte >= 0x90;
  return first !== 0xf4 || byte < 0x90;
}

function undecodable(byte: number, errors: string, { known, at }: { known: Encoding; at: number }): string {
  const hex = byte.toString(16).padStart(2, '0');
  switch (errors) {
    case 'ignore':
      return '';
    case 'replace':
      return '\ufffd';
    case 'backslashreplace':
      return `\\x${hex}`;
    case 'strict':
      throw failed(`'${known}' codec can't decode byte 0x${hex} in position ${at}: invalid data`, 'UnicodeDecodeError');
    default:
      throw failed(`unknown error handler name ${reprString(errors)}`, 'LookupError');
  }
}
