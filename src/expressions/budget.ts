import { beyondBound } from './errors';

/** The bounds of one evaluation. */
export interface Limits {
  /** Evaluation steps: nodes, items, characters gone through one by one. */
  steps: number;
  /** Characters of text made. */
  output: number;
  /** Nesting of expressions and of values. */
  depth: number;
  /** Steps of the regular-expression matcher. */
  matching: number;
}

const DEFAULTS: Limits = { steps: 150_000, output: 1_000_000, depth: 200, matching: 300_000 };

/** What one rendering may use; shared by everything that works for it. Exceeding it throws EXPRESSION_BOUND naming the bound. */
export class Budget {
  private readonly limits: Limits;
  private steps = 0;
  private made = 0;
  private depth = 0;
  private matched = 0;

  constructor(limits: Partial<Limits> = {}) {
    this.limits = { ...DEFAULTS, ...limits };
  }
  step(count = 1): void {
    this.steps += count;
    if (this.steps > this.limits.steps) throw beyondBound(`expression takes more than ${this.limits.steps} steps`);
  }
  output(characters: number): void {
    this.made += characters;
    if (this.made > this.limits.output)
      throw beyondBound(`expression makes more than ${this.limits.output} characters`);
  }
  nested<T>(work: () => T): T {
    this.enter();
    try {
      return work();
    } finally {
      this.leave();
    }
  }
  /** One level deeper, until {@link leave}. */
  enter(): void {
    this.depth += 1;
    if (this.depth <= this.limits.depth) return;
    this.depth -= 1;
    throw beyondBound(`expression is nested more than ${this.limits.depth} deep`);
  }
  leave(): void {
    this.depth -= 1;
  }
  /** Steps the regular-expression matcher may still take. */
  get matchingLeft(): number {
    return this.limits.matching - this.matched;
  }
  /** Counts steps of the regular-expression matcher. */
  matching(count: number): void {
    this.matched += count;
    if (this.matched > this.limits.matching)
      throw beyondBound(`regular expressions take more than ${this.limits.matching} steps`);
  }
}
