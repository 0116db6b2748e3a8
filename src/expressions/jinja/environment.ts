import type { CallArgs } from '../python/methods';
import type { Value } from '../python/values';
import { RecentlyUsed } from '../recently-used';
import { compileLone, compileTemplate } from './compile';
import type { Template } from './compile';
import type { Run } from './run';

/** A filter; the first positional argument is its input. */
export type Filter = (args: CallArgs, run: Run) => Value;
export type Test = (args: CallArgs, run: Run) => boolean;

/** What templates may use by name, and the templates compiled for it lately. */
export class Environment {
  private readonly templates = new RecentlyUsed<Template>({ entries: 2_000, textLength: 10_000 });
  private readonly expressions = new RecentlyUsed<Template>({ entries: 2_000, textLength: 10_000 });
  constructor(
    readonly filters: ReadonlyMap<string, Filter>,
    readonly tests: ReadonlyMap<string, Test>,
    readonly globals: ReadonlyMap<string, Value>,
  ) {}

  /** An expression by itself, without delimiters, compiled; it renders to its value. Throws EXPRESSION_SYNTAX, EXPRESSION_BOUND. */
  expression(source: string): Template {
    return this.expressions.get(source, () => compileLone(source, this));
  }

  /** The template, compiled. Throws EXPRESSION_SYNTAX, EXPRESSION_BOUND. */
  template(source: string): Template {
    return this.templates.get(source, () => compileTemplate(source, this));
  }
}
