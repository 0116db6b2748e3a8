import { beyondBound, syntaxError } from '../errors';
import { float, int } from '../python/values';
import type { Argument, Node } from './ast';
import { tokenize } from './lexer';
import type { Token } from './lexer';

/** How tightly each binary operator binds (more is tighter); `->` alone groups to the right. Source: yaql's default operator table. */
export const BINARY: Readonly<Record<string, number>> = {
  '->': 1,
  or: 2,
  and: 3,
  '>': 5,
  '<': 5,
  '>=': 5,
  '<=': 5,
  '!=': 5,
  '=': 5,
  in: 5,
  '+': 6,
  '-': 6,
  '*': 7,
  '/': 7,
  mod: 7,
  '=~': 8,
  '!~': 8,
};
export const UNARY: Readonly<Record<string, number>> = { not: 4, '+': 9, '-': 9 };
const LITERALS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const MAX_DEPTH = 100;
const own = (table: Readonly<Record<string, number>>, key: string): number | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** Parses a YAQL expression. Throws EXPRESSION_SYNTAX with the place, EXPRESSION_BOUND when it is nested too deeply. */
export function parseYaql(source: string): Node {
  return new Parser(source).all();
}

class Parser {
  private readonly tokens: readonly Token[];
  private position = 0;
  private depth = 0;

  constructor(private readonly source: string) {
    this.tokens = tokenize(source);
  }

  all(): Node {
    const node = this.expression(0);
    if (this.token.kind !== 'end') this.unexpected();
    return node;
  }

  private get token(): Token {
    return this.tokens[this.position] as Token;
  }
  private unexpected(): never {
    const { kind, text, at } = this.token;
    if (kind === 'end') throw syntaxError('Parse error: unexpected end of statement', this.source, at);
    throw syntaxError(`Parse error: unexpected '${text}' at position ${at}`, this.source, at);
  }
  private accept(symbol: string): boolean {
    if (this.token.kind !== 'symbol' || this.token.text !== symbol) return false;
    this.position += 1;
    return true;
  }
  private expect(symbol: string): void {
    if (!this.accept(symbol)) this.unexpected();
  }
  /** The operator that is next, symbol or word. */
  private operator(): string | null {
    const { kind, text } = this.token;
    return kind === 'symbol' || kind === 'word' ? text : null;
  }

  private expression(least: number): Node {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw beyondBound(`expression is nested more than ${MAX_DEPTH} deep`);
    let left = this.prefix();
    for (;;) {
      const operator = this.operator();
      const binding = operator === null ? undefined : own(BINARY, operator);
      if (operator === null || binding === undefined || binding < least) break;
      this.position += 1;
      const right = this.expression(operator === '->' ? binding : binding + 1);
      left = { kind: 'binary', operator, left, right, at: left.at };
    }
    this.depth -= 1;
    return left;
  }

  private prefix(): Node {
    const operator = this.operator();
    const binding = operator === null ? undefined : own(UNARY, operator);
    if (operator === null || binding === undefined) return this.postfix(this.primary());
    const { at } = this.token;
    this.position += 1;
    return { kind: 'unary', operator, operand: this.expression(binding), at };
  }

  private postfix(start: Node): Node {
    let node = start;
    for (;;) {
      const { text } = this.token;
      if (this.accept('.') || this.accept('?.')) {
        node = { kind: 'binary', operator: text, left: node, right: this.primary(), at: node.at };
      } else if (this.accept('[')) node = { kind: 'index', object: node, args: this.args(']'), at: node.at };
      else return node;
    }
  }

  // eslint-disable-next-line complexity -- one question per kind of token
  private primary(): Node {
    const { kind, text, at } = this.token;
    this.position += 1;
    switch (kind) {
      case 'word':
        if (LITERALS.has(text)) return { kind: 'constant', value: LITERALS.get(text) ?? null, at };
        if (own(BINARY, text) === undefined && own(UNARY, text) === undefined) return { kind: 'word', name: text, at };
        break;
      case 'call':
        return { kind: 'call', name: text, args: this.args(')'), at };
      case 'variable':
        return { kind: 'variable', name: text === '$' ? '1' : text.slice(1), at };
      case 'number':
        return { kind: 'constant', value: text.includes('.') ? float(Number(text)) : int(BigInt(text)), at };
      case 'string':
        return { kind: 'constant', value: text, at };
      case 'symbol':
        return this.bracketed(text, at);
      case 'end':
        break;
    }
    this.position -= 1;
    return this.unexpected();
  }

  private bracketed(symbol: string, at: number): Node {
    if (symbol === '[') return { kind: 'list', args: this.args(']'), at };
    if (symbol === '{') return { kind: 'map', args: this.args('}'), at };
    if (symbol !== '(') {
      this.position -= 1;
      return this.unexpected();
    }
    const inner = this.expression(0);
    this.expect(')');
    return inner;
  }

  /** `a, b => c, , d` up to the closing symbol. */
  private args(close: string): Argument[] {
    const args: Argument[] = [];
    if (this.accept(close)) return args;
    for (;;) {
      const { kind, text } = this.token;
      const isEmpty = kind === 'symbol' && (text === ',' || text === close);
      args.push(isEmpty ? null : this.argument());
      if (this.accept(close)) return args;
      this.expect(',');
    }
  }
  private argument(): Argument {
    const first = this.expression(0);
    return this.accept('=>') ? { key: first, value: this.expression(0) } : { value: first };
  }
}
