import { ExpressionError } from '../errors';

/** A pattern read character by character (code points). Errors carry Python's text with the position. */
export class Source {
  readonly chars: readonly string[];
  at = 0;
  constructor(readonly pattern: string) {
    this.chars = Array.from(pattern);
  }
  get next(): string | undefined {
    return this.chars[this.at];
  }
  get(): string | undefined {
    const char = this.next;
    if (char !== undefined) this.at += 1;
    return char;
  }
  take(char: string): boolean {
    if (this.next !== char) return false;
    this.at += 1;
    return true;
  }
  /** Up to `most` characters out of `among`. */
  run(among: string, most = Infinity): string {
    let text = '';
    while (text.length < most && this.next !== undefined && among.includes(this.next)) text += this.get();
    return text;
  }
  /** Text up to `terminator`, which is taken. */
  until(terminator: string, name: string): string {
    const start = this.at;
    const end = this.chars.indexOf(terminator, start);
    const text = this.chars.slice(start, end < 0 ? undefined : end).join('');
    if (text === '') throw this.error(`missing ${name}`, start);
    if (end < 0) throw this.error(`missing ${terminator}, unterminated name`, start);
    this.at = end + 1;
    return text;
  }
  error(message: string, offset = this.at): ExpressionError {
    return regexError(message, this.pattern, offset);
  }
}

/** Python's `re.error`. */
export function regexError(message: string, pattern: string, offset: number | null): ExpressionError {
  if (offset === null) return new ExpressionError('EXPRESSION_FAILED', message, { type: 'error' });
  const before = Array.from(pattern).slice(0, offset).join('');
  const line = before.split('\n').length;
  const column = offset - Array.from(before.slice(0, before.lastIndexOf('\n') + 1)).length + 1;
  const where = pattern.includes('\n') ? ` (line ${line}, column ${column})` : '';
  return new ExpressionError('EXPRESSION_FAILED', `${message} at position ${offset}${where}`, {
    type: 'error',
    offset,
    line,
    column,
  });
}
