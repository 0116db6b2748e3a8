import { beyondBound, syntaxError } from '../errors';
import { RecentlyUsed } from '../recently-used';

export type JsonPath =
  | { type: 'root' | 'this' | 'parent' }
  | { type: 'fields'; names: string[] }
  | { type: 'index'; index: number }
  | { type: 'slice'; start: number | null; stop: number | null; step: number | null }
  | { type: 'child' | 'descendants' | 'where' | 'union'; left: JsonPath; right: JsonPath };

const cache = new RecentlyUsed<JsonPath>({ entries: 200, textLength: 1_000 });
const MAX_DEPTH = 100;
const TOKEN =
  /\s*(?:(\.\.)|(-?\d+)|([a-zA-Z_@][\w@-]*)|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`([^`]*)`|([.$*()[\]|,:])|(\S))/y;

/** Loosest first, as in jsonpath-rw; all go from left to right. */
const OPERATORS: readonly (readonly [string, 'child' | 'descendants' | 'where' | 'union'])[] = [
  ['..', 'descendants'],
  ['.', 'child'],
  ['|', 'union'],
  ['where', 'where'],
];

interface Token {
  kind: 'symbol' | 'number' | 'word' | 'quoted' | 'named' | 'end';
  text: string;
  at: number;
}

/** Parses a path, or takes it from those parsed lately. Throws EXPRESSION_SYNTAX. */
export const parseJsonPath = (query: string): JsonPath => cache.get(query, () => new PathParser(query).parse());

class PathParser {
  private readonly tokens: Token[];
  private position = 0;
  private depth = 0;
  constructor(private readonly query: string) {
    this.tokens = tokens(query);
  }
  parse(): JsonPath {
    const path = this.level(0);
    if (this.current.kind !== 'end') this.fail();
    return path;
  }
  private get current(): Token {
    return this.tokens[this.position] as Token;
  }
  private fail(): never {
    throw syntaxError(`unexpected '${this.current.text}' in a JSON path`, this.query, this.current.at);
  }
  private accept(text: string): boolean {
    const { kind, text: own } = this.current;
    if (own !== text || (kind !== 'symbol' && !(kind === 'word' && text === 'where'))) return false;
    this.position += 1;
    return true;
  }
  private expect(text: string): void {
    if (!this.accept(text)) this.fail();
  }

  private level(level: number): JsonPath {
    const operator = OPERATORS[level];
    if (!operator) return this.steps();
    const [sign, type] = operator;
    let left = this.level(level + 1);
    while (this.accept(sign)) left = { type, left, right: this.level(level + 1) };
    return left;
  }

  /** A step and the brackets behind it. */
  private steps(): JsonPath {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw beyondBound(`JSON path is nested more than ${MAX_DEPTH} deep`);
    let path = this.accept('[') ? this.bracket() : this.step();
    while (this.accept('[')) path = { type: 'child', left: path, right: this.bracket() };
    this.depth -= 1;
    return path;
  }

  private step(): JsonPath {
    const { kind, text } = this.current;
    if (this.accept('$')) return { type: 'root' };
    if (this.accept('(')) {
      const inside = this.level(0);
      this.expect(')');
      return inside;
    }
    if (kind === 'named' && (text === 'this' || text === 'parent')) {
      this.position += 1;
      return { type: text };
    }
    return { type: 'fields', names: this.fields() };
  }

  private fields(): string[] {
    const names = [this.field()];
    while (this.accept(',')) names.push(this.field());
    return names;
  }
  private field(): string {
    const { kind, text } = this.current;
    if (kind !== 'word' && kind !== 'quoted' && text !== '*') this.fail();
    this.position += 1;
    return text;
  }

  private bracket(): JsonPath {
    const { kind } = this.current;
    if (this.accept('*')) {
      this.expect(']');
      return { type: 'slice', start: null, stop: null, step: null };
    }
    if (kind === 'word' || kind === 'quoted') {
      const names = this.fields();
      this.expect(']');
      return { type: 'fields', names };
    }
    const start = this.number();
    if (start !== null && this.accept(']')) return { type: 'index', index: start };
    this.expect(':');
    const stop = this.number();
    const step = this.accept(':') ? this.number() : null;
    this.expect(']');
    return { type: 'slice', start, stop, step };
  }
  private number(): number | null {
    if (this.current.kind !== 'number') return null;
    const value = Number(this.current.text);
    this.position += 1;
    return value;
  }
}

function tokens(query: string): Token[] {
  const found: Token[] = [];
  const source = query.trimEnd();
  TOKEN.lastIndex = 0;
  for (let at = 0; at < source.length; at = TOKEN.lastIndex) {
    const match = TOKEN.exec(source) as RegExpExecArray;
    const [, dots, number, word, single, double, named, symbol, other] = match;
    if (other !== undefined) throw syntaxError(`unexpected '${other}' in a JSON path`, query, at);
    const quoted = single ?? double;
    if (number !== undefined) found.push({ kind: 'number', text: number, at });
    else if (word !== undefined) found.push({ kind: 'word', text: word, at });
    else if (quoted !== undefined) found.push({ kind: 'quoted', text: quoted.replace(/\\(.)/g, '$1'), at });
    else if (named !== undefined) found.push({ kind: 'named', text: named, at });
    else found.push({ kind: 'symbol', text: (dots ?? symbol) as string, at });
  }
  return [...found, { kind: 'end', text: 'end of path', at: query.length }];
}
