import type { Expr, Node } from './ast';
import { beyondBound, syntaxError } from './errors';
import { cutTemplate } from './lexer';
import type { Chunk } from './lexer';
import { Parser } from './parser';

const MAX_TEMPLATE = 1_000_000;
const MAX_BLOCKS = 50;

/** A template ready to render. `lone` is set when it is one `{{ }}` and nothing else: its value keeps its type. */
export interface CompiledTemplate {
  nodes: Node[];
  lone: Expr | null;
}

/** Parses a template. Throws EXPRESSION_SYNTAX with line and column, EXPRESSION_BOUND when it is too long or too deep. */
export function parseTemplate(source: string): CompiledTemplate {
  if (source.length > MAX_TEMPLATE) throw beyondBound('template is too long');
  const reader = new TemplateParser(cutTemplate(source), source);
  const nodes = reader.body([], 0);
  const only = nodes.length === 1 ? nodes[0] : undefined;
  return { nodes, lone: only?.type === 'output' ? only.expr : null };
}

class TemplateParser {
  private position = 0;
  /** Parser of the tag that ended the last body. */
  private closing: Parser | null = null;
  constructor(
    private readonly chunks: readonly Chunk[],
    private readonly source: string,
  ) {}

  /** Nodes up to a tag named in `until` (which is consumed up to its name), or the end of the template. */
  body(until: readonly string[], depth: number): Node[] {
    if (depth > MAX_BLOCKS) throw beyondBound('template blocks are nested too deeply');
    const nodes: Node[] = [];
    for (; this.position < this.chunks.length;) {
      const chunk = this.chunks[this.position] as Chunk;
      this.position += 1;
      if (chunk.kind === 'text') {
        nodes.push({ type: 'text', text: chunk.text });
        continue;
      }
      const parser = new Parser(chunk.tokens, this.source);
      if (chunk.kind === 'output') {
        const expr = parser.tuple();
        parser.end();
        nodes.push({ type: 'output', expr });
        continue;
      }
      const tag = parser.current.text;
      if (until.includes(tag)) {
        parser.name();
        this.closing = parser;
        return nodes;
      }
      nodes.push(this.statement(parser, depth + 1));
    }
    if (until.length > 0) throw syntaxError(`expected ${until.join(' or ')}`, this.source, this.source.length);
    return nodes;
  }

  private statement(parser: Parser, depth: number): Node {
    const tag = parser.name();
    if (tag === 'if') return this.ifTag(parser, depth);
    if (tag === 'for') return this.forTag(parser, depth);
    if (tag === 'set') return this.setTag(parser, depth);
    return parser.fail(`unknown tag '${tag}'`);
  }

  private ifTag(first: Parser, depth: number): Node {
    const branches: { condition: Expr; body: Node[] }[] = [];
    let parser = first;
    for (;;) {
      const condition = parser.tuple();
      parser.end();
      branches.push({ condition, body: this.body(['elif', 'else', 'endif'], depth) });
      const closing = this.closing as Parser;
      const tag = this.tagBefore();
      if (tag === 'elif') {
        parser = closing;
        continue;
      }
      closing.end();
      return { type: 'if', branches, otherwise: tag === 'else' ? this.until('endif', depth) : [] };
    }
  }

  private forTag(parser: Parser, depth: number): Node {
    const targets = names(parser);
    parser.expect('in');
    const iterable = parser.or();
    const condition = parser.accept('if') ? parser.expression() : null;
    parser.end();
    const body = this.body(['else', 'endfor'], depth);
    this.closing?.end();
    const otherwise = this.tagBefore() === 'else' ? this.until('endfor', depth) : [];
    return { type: 'for', targets, iterable, condition, body, otherwise };
  }

  private setTag(parser: Parser, depth: number): Node {
    const targets = names(parser);
    if (parser.accept('=')) {
      const value = parser.tuple();
      parser.end();
      return { type: 'set', targets, value };
    }
    parser.end();
    return { type: 'set-block', target: targets[0] as string, body: this.until('endset', depth) };
  }

  private until(tag: string, depth: number): Node[] {
    const nodes = this.body([tag], depth);
    this.closing?.end();
    return nodes;
  }

  private tagBefore(): string {
    const chunk = this.chunks[this.position - 1];
    return chunk && chunk.kind !== 'text' ? (chunk.tokens[0]?.text ?? '') : '';
  }
}

function names(parser: Parser): string[] {
  const bracket = parser.accept('(');
  const targets = [parser.name()];
  while (parser.accept(',')) targets.push(parser.name());
  if (bracket) parser.expect(')');
  return targets;
}
