import { syntaxError } from './errors';

/** Tokens inside `{{ }}` and `{% %}`. */
export interface Token {
  kind: 'name' | 'string' | 'integer' | 'float' | 'operator' | 'end';
  text: string;
  offset: number;
}

/** A template cut into text, outputs and tags. */
export type Chunk = { kind: 'text'; text: string } | { kind: 'output' | 'block'; tokens: Token[]; offset: number };

const OPEN = /\{\{|\{%|\{#/g;
const NUMBER = /(?:\d[\d_]*)(\.\d[\d_]*)?([eE][+-]?\d+)?/y;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const OPERATOR = /\/\/|\*\*|==|!=|>=|<=|[-+*/%~[\](){}<>=.:|,;]/y;
const ESCAPES = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['0', '\0'],
  ['b', '\b'],
  ['f', '\f'],
]);
const CLOSE = { '{{': '}}', '{%': '%}', '{#': '#}' } as const;
const RAW = /\{%[-+]?\s*raw\s*[-+]?%\}([\s\S]*?)\{%[-+]?\s*endraw\s*[-+]?%\}/y;

/**
 * Cuts a template with Jinja's white space rules `trim_blocks` and `lstrip_blocks` (StackStorm's settings) and `-`/`+` control;
 * one trailing newline of the template is dropped, as Jinja does. Throws EXPRESSION_SYNTAX.
 */
// eslint-disable-next-line complexity -- one loop over text, raw, comment and tag
export function cutTemplate(template: string): Chunk[] {
  const source = template.replace(/\r\n?/g, '\n').replace(/\n$/, '');
  const chunks: Chunk[] = [];
  let position = 0;
  let trimNext = false;
  const pushText = (text: string, open: string, control: string): void => {
    let kept = trimNext ? text.trimStart() : text;
    if (control === '-') kept = kept.trimEnd();
    else if (open !== '{{' && open !== '' && control !== '+') {
      const lineStart = source.lastIndexOf('\n', position + text.length - 1) + 1;
      const onlyBlanks = /^[ \t]*$/.test(source.slice(lineStart, position + text.length));
      if (onlyBlanks && lineStart >= position) kept = kept.replace(/[ \t]+$/, '');
    }
    if (kept !== '') chunks.push({ kind: 'text', text: kept });
  };
  for (;;) {
    OPEN.lastIndex = position;
    const match = OPEN.exec(source);
    if (!match) {
      pushText(source.slice(position), '', '');
      return chunks;
    }
    const open = match[0] as keyof typeof CLOSE;
    const control = /[-+]/.test(source[match.index + 2] ?? '') ? (source[match.index + 2] as string) : '';
    RAW.lastIndex = match.index;
    const raw = open === '{%' ? RAW.exec(source) : null;
    pushText(source.slice(position, match.index), open, control);
    if (raw) {
      chunks.push({ kind: 'text', text: raw[1] as string });
      ({ position, trimNext } = afterClose(source, RAW.lastIndex, '%}', source[RAW.lastIndex - 3] ?? ''));
      continue;
    }
    const begin = match.index + 2 + control.length;
    if (open === '{#') {
      const end = source.indexOf('#}', begin);
      if (end < 0) throw syntaxError('Missing end of comment tag', source, match.index);
      ({ position, trimNext } = afterClose(source, end + 2, '#}', source[end - 1] ?? ''));
      continue;
    }
    const { tokens, end } = tokenize(source, begin, CLOSE[open]);
    chunks.push({ kind: open === '{{' ? 'output' : 'block', tokens, offset: match.index });
    ({ position, trimNext } = afterClose(source, end, CLOSE[open], source[end - 3] ?? ''));
  }
}

function afterClose(
  source: string,
  end: number,
  close: string,
  control: string,
): { position: number; trimNext: boolean } {
  if (control === '-') return { position: end, trimNext: true };
  const dropNewline = close !== '}}' && control !== '+' && source[end] === '\n';
  return { position: dropNewline ? end + 1 : end, trimNext: false };
}

// eslint-disable-next-line complexity -- one loop over the few ways a tag goes on
function tokenize(source: string, begin: number, close: string): { tokens: Token[]; end: number } {
  const tokens: Token[] = [];
  let position = begin;
  let braces = 0;
  for (;;) {
    while (/\s/.test(source[position] ?? '')) position += 1;
    if (position >= source.length) throw syntaxError('unexpected end of template', source, begin);
    const signed = (source[position] === '-' || source[position] === '+') && source.startsWith(close, position + 1);
    if (braces === 0 && (signed || source.startsWith(close, position))) {
      tokens.push({ kind: 'end', text: '', offset: position });
      return { tokens, end: position + close.length + (signed ? 1 : 0) };
    }
    const token = readToken(source, position);
    if (token.text === '{' && token.kind === 'operator') braces += 1;
    if (token.text === '}' && token.kind === 'operator') braces -= 1;
    tokens.push({ kind: token.kind, text: token.text, offset: position });
    position = token.end;
  }
}

function readToken(source: string, position: number): { kind: Token['kind']; text: string; end: number } {
  const char = source[position] as string;
  if (char === '"' || char === "'") return readString(source, position, char);
  const sticky = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    return pattern.exec(source);
  };
  const name = sticky(NAME);
  if (name) return { kind: 'name', text: name[0], end: NAME.lastIndex };
  const number = sticky(NUMBER);
  if (number) {
    const kind = number[1] !== undefined || number[2] !== undefined ? 'float' : 'integer';
    return { kind, text: number[0].replaceAll('_', ''), end: NUMBER.lastIndex };
  }
  const operator = sticky(OPERATOR);
  if (operator) return { kind: 'operator', text: operator[0], end: OPERATOR.lastIndex };
  throw syntaxError('unexpected character', source, position);
}

function readString(source: string, begin: number, quote: string): { kind: 'string'; text: string; end: number } {
  let text = '';
  let position = begin + 1;
  while (position < source.length && source[position] !== quote) {
    if (source[position] !== '\\') {
      text += source[position];
      position += 1;
      continue;
    }
    const code = /(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))/y;
    code.lastIndex = position + 1;
    const match = code.exec(source);
    const next = source[position + 1] ?? '';
    text += match
      ? String.fromCharCode(parseInt((match[1] ?? match[2]) as string, 16))
      : (ESCAPES.get(next) ?? `\\${next}`);
    position += match ? 1 + match[0].length : 2;
  }
  if (position >= source.length) throw syntaxError('unterminated string', source, begin);
  return { kind: 'string', text, end: position + 1 };
}
