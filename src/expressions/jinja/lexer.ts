import { syntaxError } from '../errors';
import { float, int } from '../python/values';
import type { Value } from '../python/values';
import { unescaped } from './string-literal';

/** A piece of a template. Operators have their text as kind. `value` is a name's text, a literal's value, a text's characters. */
export interface Token {
  kind: string;
  value: Value;
  at: number;
}

const OPEN = /\{[{%#]/g;
const RAW = /\{%[-+]?\s*raw\s*(?:-%\}\s*|%\})/y;
const END_RAW = /\{%([-+]?)\s*endraw\s*(?:\+%\}|-%\}\s*|%\}\n?)/g;
const COMMENT_END = /([-+]?)#\}/g;
const BLOCK_END = /\+%\}|-%\}\s*|%\}\n?/y;
const VARIABLE_END = /-\}\}\s*|\}\}/y;
const SPACE = /\s+/y;
const FLOAT = /(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const NAME = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{M}\p{N}\p{Pc}]*/uy;
const STRING = /'[^'\\]*(?:\\[\s\S][^'\\]*)*'|"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y;
const OPERATOR = /\*\*|\/\/|==|!=|>=|<=|[-+*/%~[\](){}<>=.:|,;]/y;
const CLOSERS: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']' };

/**
 * Cuts a template into tokens with Jinja's white space rules as StackStorm sets them: `trim_blocks`, `lstrip_blocks`, `-` and `+` beside a
 * delimiter, and one line break at the template's end dropped. Throws EXPRESSION_SYNTAX.
 */
export function tokenize(template: string): Token[] {
  return new Lexer(template.replace(/\r\n?/g, '\n').replace(/\n$/, '')).run();
}

class Lexer {
  private readonly tokens: Token[] = [];
  private position = 0;
  /** Whether what was read last ended a line, or nothing was read yet. */
  private lineStart = true;

  constructor(private readonly source: string) {}

  run(): Token[] {
    const { source } = this;
    for (;;) {
      OPEN.lastIndex = this.position;
      const open = OPEN.exec(source);
      if (!open) break;
      const at = open.index;
      RAW.lastIndex = at;
      const raw = open[0] === '{%' ? RAW.exec(source) : null;
      const sign = /[-+]/.exec(source.charAt(at + 2))?.[0] ?? '';
      this.text(at, open[0], sign);
      if (raw) this.raw(at, RAW.lastIndex);
      else if (open[0] === '{#') this.comment(at, at + 2 + sign.length);
      else this.tag(open[0], at, at + 2 + sign.length);
    }
    if (this.position < source.length) this.push('text', source.slice(this.position), this.position);
    this.push('end', '', source.length);
    return this.tokens;
  }

  private push(kind: string, value: Value, at: number): void {
    this.tokens.push({ kind, value, at });
  }

  /** Takes the text up to what opens at `end`. */
  private text(end: number, open: string, sign: string): void {
    const from = this.position;
    let text = this.source.slice(from, end);
    if (sign === '-') text = text.trimEnd();
    else if (open !== '{{' && sign !== '+') {
      const line = text.lastIndexOf('\n') + 1;
      if ((line > 0 || this.lineStart) && text.slice(line).trim() === '') text = text.slice(0, line);
    }
    if (text !== '') this.push('text', text, from);
    this.position = end;
  }

  private moveTo(end: number): void {
    this.position = end;
    this.lineStart = this.source[end - 1] === '\n';
  }

  private raw(at: number, begin: number): void {
    this.moveTo(begin);
    END_RAW.lastIndex = begin;
    const end = END_RAW.exec(this.source);
    if (!end) throw syntaxError('Missing end of raw directive', this.source, at);
    this.text(end.index, '{%', end[1] ?? '');
    this.moveTo(END_RAW.lastIndex);
  }

  private comment(at: number, begin: number): void {
    COMMENT_END.lastIndex = begin;
    const end = COMMENT_END.exec(this.source);
    if (!end) throw syntaxError('Missing end of comment tag', this.source, at);
    const after = /\s*/y;
    after.lastIndex = COMMENT_END.lastIndex;
    if (end[1] === '-') after.exec(this.source);
    const lineBreak = end[1] === '' && this.source[COMMENT_END.lastIndex] === '\n' ? 1 : 0;
    this.moveTo(end[1] === '-' ? after.lastIndex : COMMENT_END.lastIndex + lineBreak);
  }

  private tag(open: string, at: number, begin: number): void {
    const closing = open === '{{' ? VARIABLE_END : BLOCK_END;
    this.push(open, '', at);
    const brackets: string[] = [];
    for (this.position = begin; ;) {
      if (this.match(SPACE) !== null) continue;
      const from = this.position;
      if (from >= this.source.length) throw syntaxError('unexpected end of template', this.source, at);
      if (brackets.length === 0 && this.match(closing) !== null) {
        this.push(open === '{{' ? '}}' : '%}', '', from);
        this.lineStart = this.source[this.position - 1] === '\n';
        return;
      }
      this.token(from, brackets);
    }
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.source);
    if (!found) return null;
    this.position = pattern.lastIndex;
    return found[0];
  }

  private token(at: number, brackets: string[]): void {
    const name = this.match(NAME);
    if (name !== null) return this.push('name', name, at);
    const digits = (this.source[at - 1] === '.' ? null : this.match(FLOAT)) ?? null;
    if (digits !== null) return this.push('float', float(Number(digits.replaceAll('_', ''))), at);
    const whole = this.match(INTEGER);
    if (whole !== null) return this.push('integer', int(BigInt(whole.replaceAll('_', ''))), at);
    const string = this.match(STRING);
    if (string !== null) return this.push('string', this.literal(string, at), at);
    const operator = this.match(OPERATOR);
    if (operator === null) throw syntaxError(`unexpected char '${this.source.charAt(at)}'`, this.source, at);
    this.balance(operator, brackets, at);
    this.push(operator, operator, at);
  }

  private literal(string: string, at: number): string {
    try {
      return unescaped(string.slice(1, -1));
    } catch (error) {
      throw syntaxError(error instanceof Error ? error.message : 'bad text', this.source, at);
    }
  }

  private balance(operator: string, brackets: string[], at: number): void {
    const closer = CLOSERS[operator];
    if (closer) brackets.push(closer);
    if (operator !== '}' && operator !== ')' && operator !== ']') return;
    const wanted = brackets.pop();
    if (wanted === operator) return;
    throw syntaxError(`unexpected '${operator}'${wanted ? `, expected '${wanted}'` : ''}`, this.source, at);
  }
}
