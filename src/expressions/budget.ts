import { beyondBound } from './errors';

const MAX_STEPS = 200_000;
const MAX_OUTPUT = 1_000_000;
const MAX_DEPTH = 200;

/** What one rendering may use: evaluation steps, characters made, nesting. Exceeding it throws EXPRESSION_BOUND. */
export class Budget {
  private steps = 0;
  private made = 0;
  private depth = 0;

  step(count = 1): void {
    this.steps += count;
    if (this.steps > MAX_STEPS) throw beyondBound(`expression takes more than ${MAX_STEPS} steps`);
  }
  output(characters: number): void {
    this.made += characters;
    if (this.made > MAX_OUTPUT) throw beyondBound(`expression makes more than ${MAX_OUTPUT} characters`);
  }
  nested<T>(work: () => T): T {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw beyondBound(`expression is nested more than ${MAX_DEPTH} deep`);
    const result = work();
    this.depth -= 1;
    return result;
  }
}
