import { Budget } from '../budget';
import { beyondBound } from '../errors';
import { RecentlyUsed } from '../recently-used';
import { Match } from './match';
import { Matcher } from './matcher';
import type { Demand } from './matcher';
import { parsePattern } from './parser';
import { prefixOf } from './prefix';
import type { Prefix } from './prefix';
import { compileProgram } from './program';
import type { Program } from './operations';
import { Subject } from './subject';
import { parseTemplate } from './template';

export { Match };

const MAX_PATTERN = 10_000;
const cache = new RecentlyUsed<Regex>({ entries: 500, textLength: Infinity });
const ANYWHERE: Demand = { full: false, advance: false };
const FULL: Demand = { full: true, advance: false };
const ADVANCE: Demand = { full: false, advance: true };

/** What a search may use and how often it goes on; `count` 0 means as often as it can. */
export interface Searching {
  budget?: Budget;
  count?: number;
}

/** A compiled pattern with the methods of Python's. Positions count code points. All throw EXPRESSION_BOUND when they take too many steps. */
export class Regex {
  readonly flags: number;
  /** Capturing groups, group 0 not counted. */
  readonly groups: number;
  readonly names: ReadonlyMap<string, number>;
  private readonly program: Program;
  private readonly prefix: Prefix;

  constructor(
    readonly pattern: string,
    flags: number,
  ) {
    const parsed = parsePattern(pattern, flags);
    this.flags = parsed.flags;
    this.groups = parsed.groups;
    this.names = parsed.names;
    this.program = compileProgram(parsed.root, parsed.groups);
    this.prefix = prefixOf(parsed.root);
  }

  match(text: string, budget = new Budget()): Match | null {
    return this.once(text, budget, ANYWHERE);
  }

  fullmatch(text: string, budget = new Budget()): Match | null {
    return this.once(text, budget, FULL);
  }

  search(text: string, budget = new Budget()): Match | null {
    for (const match of this.finditer(text, { budget, count: 1 })) return match;
    return null;
  }

  /** Matches from left to right that don't overlap. */
  *finditer(text: string, { budget = new Budget(), count = 0 }: Searching = {}): Generator<Match, void> {
    const subject = new Subject(text);
    const matcher = new Matcher(this.program, subject, budget);
    let [position, advance, found] = [0, false, 0];
    try {
      for (;;) {
        const start = this.next(matcher, subject, { position, advance });
        if (start < 0) return;
        const match = new Match(this, subject, matcher.registers);
        yield match;
        found += 1;
        if (found === count) return;
        position = match.end();
        advance = position === match.start();
      }
    } finally {
      matcher.finish();
    }
  }

  /** As Python's: the match's text, its only group, or an array of its groups. */
  findall(text: string, searching: Searching = {}): (string | string[])[] {
    return Array.from(this.finditer(text, searching), (match) => {
      if (this.groups === 0) return match.group() as string;
      const texts = match.allGroups().map((group) => group ?? '');
      return this.groups === 1 ? (texts[0] as string) : texts;
    });
  }

  /** Replaces matches by a template (`\1`, `\g<name>`) or what a function makes of them. Throws `error` for a bad template. */
  sub(text: string, replacement: string | ((match: Match) => string), searching: Searching = {}): string {
    const { budget = new Budget() } = searching;
    const made = typeof replacement === 'string' ? parseTemplate(replacement, this) : replacement;
    const parts: string[] = [];
    const subject = new Subject(text);
    let from = 0;
    for (const match of this.finditer(text, { ...searching, budget })) {
      const part = made(match);
      budget.output(part.length + match.start() - from);
      parts.push(subject.slice(from, match.start()), part);
      from = match.end();
    }
    return parts.join('') + subject.slice(from, subject.length);
  }

  /** The text between matches, with the groups of each match in between. */
  split(text: string, searching: Searching = {}): (string | null)[] {
    const subject = new Subject(text);
    const parts: (string | null)[] = [];
    let from = 0;
    for (const match of this.finditer(text, searching)) {
      parts.push(subject.slice(from, match.start()), ...match.allGroups());
      from = match.end();
    }
    return [...parts, subject.slice(from, subject.length)];
  }

  private once(text: string, budget: Budget, demand: Demand): Match | null {
    const subject = new Subject(text);
    const matcher = new Matcher(this.program, subject, budget);
    const found = matcher.attempt(0, demand);
    matcher.finish();
    return found ? new Match(this, subject, matcher.registers) : null;
  }

  /** Where the next match from a position on starts; -1 when there is none. */
  private next(matcher: Matcher, subject: Subject, from: { position: number; advance: boolean }): number {
    let demand = from.advance ? ADVANCE : ANYWHERE;
    for (let position = from.position; position <= subject.length; position += 1) {
      const candidate = this.candidate(subject, position);
      if (candidate < 0) return -1;
      if (candidate > position) {
        matcher.skipped(candidate - position);
        demand = ANYWHERE;
        position = candidate;
      }
      if (matcher.attempt(position, demand)) return position;
      demand = ANYWHERE;
    }
    return -1;
  }

  /** The first position from `position` on where a match can start, by what is known of its start; -1 when there is none. */
  private candidate(subject: Subject, position: number): number {
    const { anchored, literal, first } = this.prefix;
    if (anchored) return position === 0 ? 0 : -1;
    if (literal.length > 1) return subject.find(literal, position);
    if (!first) return position;
    const { codes, length } = subject;
    let at = position;
    while (at < length && first[Math.min(codes[at] as number, 256)] === 0) at += 1;
    return at < length ? at : -1;
  }
}

/**
 * Compiles Python `re` syntax, or takes it from the cache of recently used patterns. `flags` are Python's bits (see syntax.ts). Throws
 * EXPRESSION_FAILED of type `error` for a bad pattern, EXPRESSION_BOUND for one that is too long or nested too deeply.
 */
export function compileRegex(pattern: string, flags = 0): Regex {
  if (pattern.length > MAX_PATTERN) throw beyondBound(`regular expression is longer than ${MAX_PATTERN} characters`);
  return cache.get(`${flags}/${pattern}`, () => new Regex(pattern, flags));
}
