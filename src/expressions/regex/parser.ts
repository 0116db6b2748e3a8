import { overflowError } from '../errors';
import { isIdentifier } from '../python/chars';
import { reprString } from '../python/text';
import { CharSet } from './char-set';
import { readEscape } from './escapes';
import { isFlagLetter, parseFlags } from './flags-parser';
import { GroupState } from './parser-state';
import { parseSet } from './set-parser';
import { Source } from './source';
import { ASCII, DOTALL, IGNORECASE, MULTILINE, UNLIMITED, VERBOSE } from './syntax';
import type { Node, Parsed, Position, RepeatMode } from './syntax';
import { width } from './syntax';

const DIGITS = '0123456789';
const REPEATS = '*+?{';

/** Parses a pattern in Python 3.11's `re` syntax. Throws EXPRESSION_FAILED of type `error` with Python's text and position. */
export function parsePattern(pattern: string, flags: number): Parsed {
  const source = new Source(pattern);
  const parser = new Parser(source, flags);
  const root = parser.alternatives(flags, true);
  if (source.next !== undefined) throw source.error('unbalanced parenthesis');
  if (parser.flags & VERBOSE & ~flags) return parsePattern(pattern, parser.flags);
  parser.groups.finish(source);
  return { root, flags: parser.flags, groups: parser.groups.count, names: parser.groups.names };
}

class Parser {
  readonly groups = new GroupState();
  constructor(
    private readonly source: Source,
    /** Flags of the whole pattern; an inline `(?i)` at its start adds to them. */
    public flags: number,
  ) {}

  alternatives(flags: number, top = false): Node {
    return this.groups.nested(() => {
      const options = [this.sequence(flags, top)];
      while (this.source.take('|')) options.push(this.sequence(top ? this.flags | flags : flags, false));
      return options.length === 1 ? (options[0] as Node) : { type: 'branch', options };
    });
  }

  /** Items up to `|`, `)` or the end. Only the first of the top level may start with global flags. */
  private sequence(given: number, first: boolean): Node {
    const { source } = this;
    const items: Node[] = [];
    let flags = given;
    for (;;) {
      const char = source.next;
      if (char === undefined || char === '|' || char === ')') break;
      const start = source.at;
      source.at += 1;
      if (flags & VERBOSE && this.skipped(char)) continue;
      const node = this.item(char, flags, { items, start });
      if (node === 'flags') {
        if (!first || items.length > 0) throw source.error('global flags not at the start of the expression', start);
        flags |= this.flags;
      } else if (node) items.push(node);
    }
    return items.length === 1 ? (items[0] as Node) : { type: 'sequence', items };
  }

  private skipped(char: string): boolean {
    if (char === '#') {
      let next = this.source.get();
      while (next !== undefined && next !== '\n') next = this.source.get();
      return true;
    }
    return ' \t\n\r\v\f'.includes(char);
  }

  private item(char: string, flags: number, place: { items: Node[]; start: number }): Node | 'flags' | null {
    switch (char) {
      case '\\':
        return this.escape(flags);
      case '[':
        return { type: 'set', set: parseSet(this.source, flags) };
      case '.':
        return { type: 'any', newline: (flags & DOTALL) !== 0 };
      case '^':
        return at(flags & MULTILINE ? 'line-start' : 'start', flags);
      case '$':
        return at(flags & MULTILINE ? 'line-end' : 'end', flags);
      case '(':
        return this.group(flags, place.start);
      default:
        return REPEATS.includes(char) ? this.repeat(char, flags, place) : literal(char.codePointAt(0) as number, flags);
    }
  }

  private escape(flags: number): Node {
    const escape = readEscape(this.source);
    const [fold, ascii] = [(flags & IGNORECASE) !== 0, (flags & ASCII) !== 0];
    switch (escape.type) {
      case 'code':
        return literal(escape.code, flags);
      case 'category': {
        const categories = [escape.category];
        return { type: 'set', set: new CharSet({ ranges: [], categories, negated: false, fold: false, ascii }) };
      }
      case 'position':
        return at(ESCAPED_POSITIONS.get(escape.letter) as Position, flags);
      case 'reference':
        this.groups.refer(escape.group, this.source, escape.start);
        return { type: 'reference', group: escape.group, fold, ascii, width: this.groups.widthOf(escape.group) };
    }
  }

  private repeat(char: string, flags: number, { items, start }: { items: Node[]; start: number }): Node | null {
    const counts = this.counts(char);
    if (!counts) return literal(123, flags);
    const item = items.pop();
    if (!item || item.type === 'at') throw this.source.error('nothing to repeat', start);
    if (item.type === 'repeat') throw this.source.error('multiple repeat', start);
    const mode: RepeatMode = this.source.take('?') ? 'lazy' : this.source.take('+') ? 'possessive' : 'greedy';
    return { type: 'repeat', ...counts, mode, item };
  }

  /** How often; null for a `{` that is only a character. */
  private counts(char: string): { min: number; max: number } | null {
    const { source } = this;
    if (char !== '{') return { min: char === '+' ? 1 : 0, max: char === '?' ? 1 : UNLIMITED };
    const start = source.at;
    if (source.next === '}') return null;
    const low = source.run(DIGITS);
    const high = source.take(',') ? source.run(DIGITS) : low;
    if (!source.take('}')) {
      source.at = start;
      return null;
    }
    const [min, max] = [low === '' ? 0 : count(low), high === '' ? UNLIMITED : count(high)];
    if (max < min) throw source.error('min repeat greater than max repeat', start);
    return { min, max };
  }

  private group(flags: number, start: number): Node | 'flags' | null {
    const { source } = this;
    if (!source.take('?')) return this.capture(undefined, flags, start);
    const char = source.get();
    if (char === undefined) throw source.error('unexpected end of pattern');
    switch (char) {
      case 'P':
        return this.named(flags, start);
      case ':':
        return { type: 'plain-group', item: this.closed(flags, start) };
      case '>':
        return { type: 'atomic', item: this.closed(flags, start) };
      case '#':
        return this.comment(start);
      case '=':
      case '!':
      case '<':
        return this.look(char, flags, start);
      case '(':
        return this.conditional(flags, start);
      default:
        return this.inlineFlags(char, flags, start);
    }
  }

  private closed(flags: number, start: number): Node {
    const node = this.alternatives(flags);
    if (!this.source.take(')')) throw this.source.error('missing ), unterminated subpattern', start);
    return node;
  }

  /** A character for a message; a backslash with what it escapes. */
  private shown(char: string): string {
    return char === '\\' ? char + (this.source.next ?? '') : char;
  }

  private capture(name: string | undefined, flags: number, start: number): Node {
    const index = this.groups.openGroup(name, this.source);
    const item = this.closed(flags, start);
    this.groups.closeGroup(index, item);
    return { type: 'group', index, item };
  }

  private named(flags: number, start: number): Node {
    const { source } = this;
    if (source.take('<')) return this.capture(this.name('>'), flags, start);
    if (!source.take('=')) {
      const char = source.get();
      if (char === undefined) throw source.error('unexpected end of pattern');
      throw source.error(`unknown extension ?P${this.shown(char)}`, start + 1);
    }
    const nameStart = source.at;
    const name = this.name(')');
    const group = this.groups.names.get(name);
    if (group === undefined) throw source.error(`unknown group name ${reprString(name)}`, nameStart);
    this.groups.refer(group, source, nameStart);
    const [fold, ascii] = [(flags & IGNORECASE) !== 0, (flags & ASCII) !== 0];
    return { type: 'reference', group, fold, ascii, width: this.groups.widthOf(group) };
  }

  private name(terminator: string): string {
    const start = this.source.at;
    const name = this.source.until(terminator, 'group name');
    if (!isIdentifier(name)) throw this.source.error(`bad character in group name ${reprString(name)}`, start);
    return name;
  }

  private comment(start: number): null {
    for (;;) {
      const char = this.source.get();
      if (char === undefined) throw this.source.error('missing ), unterminated comment', start);
      if (char === ')') return null;
    }
  }

  private look(first: string, flags: number, start: number): Node {
    const { source } = this;
    const kind = first === '<' ? source.get() : first;
    if (kind === undefined) throw source.error('unexpected end of pattern');
    if (kind !== '=' && kind !== '!') throw source.error(`unknown extension ?<${this.shown(kind)}`, start + 1);
    const behind = first === '<';
    const item = behind ? this.groups.lookBehind(() => this.closed(flags, start)) : this.closed(flags, start);
    if (behind) {
      const { low, high } = width(item);
      if (low !== high) this.groups.variableLookBehind = true;
    }
    return { type: 'look', behind, negated: kind === '!', item };
  }

  private conditional(flags: number, start: number): Node {
    const { source } = this;
    const nameStart = source.at;
    const group = this.conditionGroup(source.until(')', 'group name'), nameStart);
    const yes = this.sequence(flags, false);
    const no: Node = source.take('|') ? this.sequence(flags, false) : { type: 'sequence', items: [] };
    if (source.next === '|') throw source.error('conditional backref with more than two branches');
    if (!source.take(')')) throw source.error('missing ), unterminated subpattern', start);
    return { type: 'conditional', group, yes, no };
  }

  private conditionGroup(name: string, at: number): number {
    const { source, groups } = this;
    if (isIdentifier(name)) {
      const known = groups.names.get(name);
      if (known === undefined) throw source.error(`unknown group name ${reprString(name)}`, at);
      groups.checkLookBehind(known, source, source.at);
      return known;
    }
    if (!/^[0-9]{1,9}$/.test(name)) throw source.error(`bad character in group name ${reprString(name)}`, at);
    const group = Number(name);
    if (group === 0) throw source.error('bad group number', at);
    groups.condition(group, source, at);
    return group;
  }

  private inlineFlags(char: string, flags: number, start: number): Node | 'flags' {
    const { source } = this;
    if (!isFlagLetter(char)) throw source.error(`unknown extension ?${this.shown(char)}`, start + 1);
    const inline = parseFlags(source, char);
    if ('global' in inline) {
      this.flags |= inline.global;
      return 'flags';
    }
    const types = inline.on & ASCII ? ASCII : 0;
    const cleared = inline.on & 32 ? flags & ~ASCII : flags;
    return { type: 'plain-group', item: this.closed(((cleared | inline.on | types) & ~inline.off) >>> 0, start) };
  }
}

const ESCAPED_POSITIONS: ReadonlyMap<string, Position> = new Map<string, Position>([
  ['A', 'start'],
  ['Z', 'string-end'],
  ['b', 'boundary'],
  ['B', 'not-boundary'],
]);

function at(position: Position, flags: number): Node {
  return { type: 'at', position, ascii: (flags & ASCII) !== 0 };
}

function literal(code: number, flags: number): Node {
  return { type: 'char', code, fold: (flags & IGNORECASE) !== 0, ascii: (flags & ASCII) !== 0 };
}

function count(digits: string): number {
  const value = Number(digits);
  if (value >= 0xffffffff) throw overflowError('the repetition number is too large');
  return Math.min(value, UNLIMITED);
}
