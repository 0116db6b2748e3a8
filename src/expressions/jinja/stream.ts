import { beyondBound, syntaxError } from '../errors';
import type { Token } from './lexer';

const MAX_DEPTH = 100;

/** The tokens of a template, read one after the other. */
export class Stream {
  private position = 0;
  private depth = 0;
  constructor(
    private readonly tokens: readonly Token[],
    private readonly source: string,
  ) {}

  get current(): Token {
    return this.tokens[this.position] as Token;
  }
  get at(): number {
    return this.current.at;
  }
  look(): Token {
    return this.tokens[Math.min(this.position + 1, this.tokens.length - 1)] as Token;
  }
  next(): Token {
    const token = this.current;
    if (token.kind !== 'end') this.position += 1;
    return token;
  }
  /** Whether the current token is this operator. */
  is(kind: string): boolean {
    return this.current.kind === kind;
  }
  isName(...names: readonly string[]): boolean {
    return isName(this.current, names);
  }
  accept(kind: string): boolean {
    return this.is(kind) && this.skip(1);
  }
  acceptName(name: string): boolean {
    return this.isName(name) && this.skip(1);
  }
  /** Takes two names in a row, such as `ignore missing`. */
  acceptNames(firsts: readonly string[], second: string): boolean {
    return this.isName(...firsts) && isName(this.look(), [second]) && this.skip(2);
  }
  skip(count: number): true {
    this.position += count;
    return true;
  }
  expect(kind: string): Token {
    if (!this.is(kind)) this.fail(`expected token '${kind}', got '${described(this.current)}'`);
    return this.next();
  }
  /** Takes any name, or that name. */
  name(name?: string): string {
    if (this.current.kind !== 'name' || (name !== undefined && this.current.value !== name))
      this.fail(`expected token '${name ?? 'name'}', got '${described(this.current)}'`);
    return this.next().value as string;
  }
  fail(message: string, at = this.at): never {
    throw syntaxError(message, this.source, at);
  }
  /** Parses one level deeper. Throws EXPRESSION_BOUND. */
  nested<T>(parse: () => T): T {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw beyondBound(`template is nested more than ${MAX_DEPTH} deep`);
    const result = parse();
    this.depth -= 1;
    return result;
  }
}

const isName = (token: Token, names: readonly string[]): boolean =>
  token.kind === 'name' && names.includes(token.value as string);

const WORDS: Readonly<Record<string, string>> = {
  '}}': 'end of print statement',
  '%}': 'end of statement block',
  '{{': 'begin of print statement',
  '{%': 'begin of statement block',
  text: 'template data / text',
  end: 'end of template',
};

function described({ kind, value }: Token): string {
  return kind === 'name' ? String(value) : (WORDS[kind] ?? kind);
}
