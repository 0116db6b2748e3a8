import type { Arguments, ArithmeticOperator, CompareOperator, Expr } from './ast';
import { beyondBound, syntaxError } from './errors';
import type { Token } from './lexer';

const MAX_DEPTH = 100;
const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=']);
const CONSTANTS = new Map<string, null | boolean>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);
/** Names that end an argument of a test without parentheses. */
const NOT_AN_ARGUMENT = new Set(['else', 'or', 'and', 'is', 'in', 'not', 'if']);

/** Recursive descent over the tokens of one `{{ }}` or `{% %}`, with Jinja's precedence. */
export class Parser {
  private position = 0;
  private depth = 0;
  constructor(
    private readonly tokens: readonly Token[],
    private readonly source: string,
  ) {}

  get current(): Token {
    return this.tokens[this.position] as Token;
  }
  fail(message: string): never {
    throw syntaxError(message, this.source, this.current.offset);
  }
  is(text: string): boolean {
    return (this.current.kind === 'operator' || this.current.kind === 'name') && this.current.text === text;
  }
  accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.position += 1;
    return true;
  }
  expect(text: string): void {
    if (!this.accept(text)) this.fail(`expected '${text}'`);
  }
  name(): string {
    if (this.current.kind !== 'name') this.fail('expected a name');
    const { text } = this.current;
    this.position += 1;
    return text;
  }
  end(): void {
    if (this.current.kind !== 'end') this.fail('unexpected token');
  }

  expression(): Expr {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw beyondBound('expression is nested too deeply');
    let node = this.or();
    while (this.accept('if')) {
      const condition = this.or();
      node = { type: 'ternary', condition, then: node, otherwise: this.accept('else') ? this.expression() : null };
    }
    this.depth -= 1;
    return node;
  }

  /** `a, b`: a list, as a tuple is where it is written without parentheses. */
  tuple(): Expr {
    const first = this.expression();
    if (!this.is(',')) return first;
    const items = [first];
    while (this.accept(',')) {
      if (this.current.kind === 'end') break;
      items.push(this.expression());
    }
    return { type: 'list', items };
  }

  or(): Expr {
    let left = this.and();
    while (this.accept('or')) left = { type: 'logic', operator: 'or', left, right: this.and() };
    return left;
  }
  private and(): Expr {
    let left = this.not();
    while (this.accept('and')) left = { type: 'logic', operator: 'and', left, right: this.not() };
    return left;
  }
  private not(): Expr {
    if (!this.accept('not')) return this.compare();
    return { type: 'unary', operator: 'not', operand: this.nested(() => this.not()) };
  }
  private compare(): Expr {
    const first = this.sum();
    const rest: { operator: CompareOperator; operand: Expr }[] = [];
    for (;;) {
      const operator = this.comparison();
      if (!operator) return rest.length === 0 ? first : { type: 'compare', first, rest };
      rest.push({ operator, operand: this.sum() });
    }
  }
  private comparison(): CompareOperator | null {
    const { kind, text } = this.current;
    if (kind === 'operator' && COMPARISONS.has(text)) {
      this.position += 1;
      return text as CompareOperator;
    }
    if (this.accept('in')) return 'in';
    const next = this.tokens[this.position + 1];
    if (!this.is('not') || next?.kind !== 'name' || next.text !== 'in') return null;
    this.position += 2;
    return 'not in';
  }

  private binary(operators: readonly ArithmeticOperator[], operand: () => Expr): Expr {
    let left = operand();
    for (;;) {
      const operator = operators.find((candidate) => this.current.kind === 'operator' && this.is(candidate));
      if (!operator) return left;
      this.position += 1;
      left = { type: 'binary', operator, left, right: operand() };
    }
  }
  private sum(): Expr {
    return this.binary(['+', '-'], () => this.binary(['~'], () => this.product()));
  }
  private product(): Expr {
    return this.binary(['*', '/', '//', '%'], () => this.binary(['**'], () => this.unary(true)));
  }
  private unary(withFilters: boolean): Expr {
    const sign = this.is('-') ? '-' : this.is('+') ? '+' : null;
    if (sign) this.position += 1;
    const node: Expr = sign
      ? { type: 'unary', operator: sign, operand: this.nested(() => this.unary(false)) }
      : this.postfix(this.primary());
    return withFilters ? this.filters(node) : node;
  }

  private nested<T>(parse: () => T): T {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw beyondBound('expression is nested too deeply');
    const result = parse();
    this.depth -= 1;
    return result;
  }

  private primary(): Expr {
    const { kind, text } = this.current;
    if (kind === 'name') {
      this.position += 1;
      return CONSTANTS.has(text)
        ? { type: 'literal', value: CONSTANTS.get(text) ?? null }
        : { type: 'name', name: text };
    }
    if (kind === 'string') return this.strings();
    if (kind === 'integer' || kind === 'float') {
      this.position += 1;
      return { type: 'literal', value: Number(text) };
    }
    if (this.accept('(')) return this.parenthesised();
    if (this.accept('[')) return { type: 'list', items: this.items(']') };
    if (this.accept('{')) return this.dict();
    return this.fail(kind === 'end' ? 'expected an expression' : 'unexpected token');
  }
  private strings(): Expr {
    let value = '';
    while (this.current.kind === 'string') {
      value += this.current.text;
      this.position += 1;
    }
    return { type: 'literal', value };
  }
  private parenthesised(): Expr {
    if (this.accept(')')) return { type: 'list', items: [] };
    const first = this.expression();
    if (this.accept(')')) return first;
    this.expect(',');
    return { type: 'list', items: [first, ...this.items(')')] };
  }
  private items(close: string): Expr[] {
    const items: Expr[] = [];
    while (!this.accept(close)) {
      items.push(this.expression());
      if (!this.is(close)) this.expect(',');
    }
    return items;
  }
  private dict(): Expr {
    const entries: [Expr, Expr][] = [];
    while (!this.accept('}')) {
      const key = this.expression();
      this.expect(':');
      entries.push([key, this.expression()]);
      if (!this.is('}')) this.expect(',');
    }
    return { type: 'dict', entries };
  }

  private postfix(start: Expr): Expr {
    let node = start;
    for (;;) {
      if (this.accept('.')) {
        if (this.current.kind === 'integer') {
          node = { type: 'item', object: node, key: { type: 'literal', value: Number(this.current.text) } };
          this.position += 1;
        } else node = { type: 'attribute', object: node, name: this.name() };
      } else if (this.accept('[')) node = this.subscript(node);
      else if (this.accept('(')) node = { type: 'call', callee: node, args: this.args() };
      else return node;
    }
  }
  private subscript(object: Expr): Expr {
    const part = (): Expr | null => (this.is(':') || this.is(']') ? null : this.expression());
    const start = part();
    if (!this.accept(':')) {
      if (!start) this.fail('expected an index');
      this.expect(']');
      return { type: 'item', object, key: start };
    }
    const stop = part();
    const step = this.accept(':') ? part() : null;
    this.expect(']');
    return { type: 'slice', object, start, stop, step };
  }
  private args(): Arguments {
    const args: Arguments = { positional: [], named: [] };
    while (!this.accept(')')) {
      const next = this.tokens[this.position + 1];
      if (this.current.kind === 'name' && next?.kind === 'operator' && next.text === '=') {
        const name = this.name();
        this.expect('=');
        args.named.push([name, this.expression()]);
      } else args.positional.push(this.expression());
      if (!this.is(')')) this.expect(',');
    }
    return args;
  }

  private filters(start: Expr): Expr {
    let node = start;
    for (;;) {
      if (this.accept('|')) {
        const name = this.dotted();
        node = { type: 'filter', input: node, name, args: this.accept('(') ? this.args() : noArguments() };
      } else if (this.accept('is')) node = this.test(node);
      else return node;
    }
  }
  private dotted(): string {
    let name = this.name();
    while (this.accept('.')) name += `.${this.name()}`;
    return name;
  }
  private test(input: Expr): Expr {
    const negated = this.accept('not');
    const name = this.dotted();
    if (this.accept('(')) return { type: 'test', input, name, args: this.args(), negated };
    const { kind, text } = this.current;
    const takesArgument =
      kind === 'string' ||
      kind === 'integer' ||
      kind === 'float' ||
      (kind === 'name' && !NOT_AN_ARGUMENT.has(text)) ||
      (kind === 'operator' && (text === '[' || text === '{'));
    const positional = takesArgument ? [this.postfix(this.primary())] : [];
    return { type: 'test', input, name, args: { positional, named: [] }, negated };
  }
}

function noArguments(): Arguments {
  return { positional: [], named: [] };
}
