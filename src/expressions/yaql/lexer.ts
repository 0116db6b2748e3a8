import { syntaxError } from '../errors';

export interface Token {
  kind: 'word' | 'call' | 'variable' | 'number' | 'string' | 'symbol' | 'end';
  text: string;
  at: number;
}

const WORD = /(?!__)[\p{L}_][\p{L}\p{N}_]*/uy;
const VARIABLE = /\$[\p{L}\p{N}_]*/uy;
const NUMBER = /\d+(\.\d+)?(?![\p{L}\p{N}_])/uy;
const SYMBOL = /=>|->|\?\.|=~|!~|!=|<=|>=|[.+\-*/<>=()[\]{},]/y;
const SPACE = /[ \t\r\n]*/y;
const ESCAPE = /\\(?:U([0-9a-fA-F]{8})|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-7]{1,3})|([\\'"abfnrtv]))/g;
const SIMPLE: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const QUOTED: Readonly<Record<string, RegExp>> = {
  "'": /'((?:[^'\\]|\\[\s\S])*)'/y,
  '"': /"((?:[^"\\]|\\[\s\S])*)"/y,
  '`': /`((?:[^`\\]|\\[\s\S])*)`/y,
};

/** The tokens of an expression, the last one being `end`. Throws EXPRESSION_SYNTAX. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at = match(SPACE, source, at)?.end ?? at;
    if (at >= source.length) {
      tokens.push({ kind: 'end', text: '', at });
      return tokens;
    }
    const { token, end } = read(source, at);
    tokens.push(token);
    at = end;
  }
}

function match(pattern: RegExp, source: string, at: number): { text: string; inner: string; end: number } | null {
  pattern.lastIndex = at;
  const found = pattern.exec(source);
  return found && { text: found[0], inner: found[1] ?? '', end: pattern.lastIndex };
}

function read(source: string, at: number): { token: Token; end: number } {
  const quoted = readQuoted(source, at);
  if (quoted) return quoted;
  const word = match(WORD, source, at);
  if (word) {
    const isCall = source[word.end] === '(';
    return { token: { kind: isCall ? 'call' : 'word', text: word.text, at }, end: word.end + Number(isCall) };
  }
  for (const [kind, pattern] of [
    ['variable', VARIABLE],
    ['number', NUMBER],
    ['symbol', SYMBOL],
  ] as const) {
    const found = match(pattern, source, at);
    if (found) return { token: { kind, text: found.text, at }, end: found.end };
  }
  throw syntaxError(`illegal character '${source[at]}'`, source, at);
}

function readQuoted(source: string, at: number): { token: Token; end: number } | null {
  const quote = source[at] ?? '';
  const pattern = Object.hasOwn(QUOTED, quote) ? QUOTED[quote] : undefined;
  const found = pattern && match(pattern, source, at);
  if (!found) return null;
  const text = quote === '`' ? found.inner.replaceAll('\\`', '`') : unescaped(found.inner);
  return { token: { kind: 'string', text, at }, end: found.end };
}

function unescaped(text: string): string {
  return text.replace(ESCAPE, (_, long?: string, short?: string, byte?: string, octal?: string, simple = '') => {
    const hex = long ?? short ?? byte;
    if (hex !== undefined) return String.fromCodePoint(Math.min(parseInt(hex, 16), 0x10ffff));
    if (octal !== undefined) return String.fromCodePoint(parseInt(octal, 8));
    return Object.hasOwn(SIMPLE, simple) ? (SIMPLE[simple] as string) : simple;
  });
}
