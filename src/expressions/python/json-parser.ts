import { Budget } from '../budget';
import { failed } from '../errors';
import { float, int, PyDict } from './values';
import type { Value } from './values';

const MAX_DEPTH = 200;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/y;
const WORDS: readonly (readonly [string, Value])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', NaN],
  ['Infinity', float(Infinity)],
  ['-Infinity', float(-Infinity)],
];
const ESCAPES: ReadonlyMap<string, string> = new Map(
  Object.entries({ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }),
);

/**
 * Python's `json.loads`: 2.0 stays a float, integers keep all digits, objects are {@link PyDict}s in the order written. Throws
 * JSONDecodeError with Python's text, which says line and column.
 */
export function loads(text: string): Value {
  const reader = new Reader(text, new Budget({ steps: Infinity, depth: MAX_DEPTH }));
  if (text.startsWith('\ufeff')) throw reader.error('Unexpected UTF-8 BOM (decode using utf-8-sig)', 0);
  reader.space();
  const value = reader.value();
  reader.space();
  if (reader.at < text.length) throw reader.error('Extra data', reader.at);
  return value;
}

class Reader {
  at = 0;
  constructor(
    private readonly text: string,
    private readonly budget: Budget,
  ) {}

  error(message: string, offset: number): Error {
    const before = this.text.slice(0, offset);
    const line = before.split('\n').length;
    const column = Array.from(before.slice(before.lastIndexOf('\n') + 1)).length + 1;
    const position = `line ${line} column ${column} (char ${Array.from(before).length})`;
    return failed(`${message}: ${position}`, 'JSONDecodeError');
  }

  space(): void {
    while (' \t\n\r'.includes(this.text[this.at] ?? 'x')) this.at += 1;
  }

  value(): Value {
    const char = this.text[this.at];
    if (char === '"') {
      this.at += 1;
      return this.string();
    }
    if (char === '{') return this.budget.nested(() => this.object());
    if (char === '[') return this.budget.nested(() => this.array());
    for (const [word, value] of WORDS)
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    return this.number();
  }

  private number(): Value {
    NUMBER.lastIndex = this.at;
    const match = NUMBER.exec(this.text);
    if (!match) throw this.error('Expecting value', this.at);
    this.at += match[0].length;
    if (match[1] !== undefined || match[2] !== undefined) return float(Number(match[0]));
    return match[0].length < 16 ? Number(match[0]) + 0 : int(BigInt(match[0]));
  }

  private array(): Value {
    const items: Value[] = [];
    this.at += 1;
    this.space();
    if (this.taken(']')) return items;
    for (;;) {
      items.push(this.value());
      this.space();
      if (this.taken(']')) return items;
      if (!this.taken(',')) throw this.error("Expecting ',' delimiter", this.at);
      this.space();
    }
  }

  private object(): Value {
    const dict = new PyDict();
    this.at += 1;
    this.space();
    if (this.taken('}')) return dict;
    for (;;) {
      if (!this.taken('"')) throw this.error('Expecting property name enclosed in double quotes', this.at);
      const key = this.string();
      this.space();
      if (!this.taken(':')) throw this.error("Expecting ':' delimiter", this.at);
      this.space();
      dict.set(key, this.value());
      this.space();
      if (this.taken('}')) return dict;
      if (!this.taken(',')) throw this.error("Expecting ',' delimiter", this.at);
      this.space();
    }
  }

  private taken(char: string): boolean {
    if (this.text[this.at] !== char) return false;
    this.at += 1;
    return true;
  }

  /** The text whose opening quote was just taken. */
  private string(): string {
    const begin = this.at - 1;
    let out = '';
    let from = this.at;
    for (;;) {
      const char = this.text[this.at];
      if (char === undefined) throw this.error('Unterminated string starting at', begin);
      if (char === '"' || char === '\\') {
        out += this.text.slice(from, this.at);
        this.at += 1;
        if (char === '"') return out;
        out += this.escape(begin);
        from = this.at;
      } else if (char < ' ') throw this.error('Invalid control character at', this.at);
      else this.at += 1;
    }
  }

  private escape(begin: number): string {
    const char = this.text[this.at];
    if (char === undefined) throw this.error('Unterminated string starting at', begin);
    this.at += 1;
    if (char !== 'u') {
      const known = ESCAPES.get(char);
      if (known === undefined) throw this.error('Invalid \\escape', this.at - 2);
      return known;
    }
    const hex = this.text.slice(this.at, this.at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(hex)) throw this.error('Invalid \\uXXXX escape', this.at);
    this.at += 4;
    return String.fromCharCode(parseInt(hex, 16));
  }
}
