import { Budget } from '../budget';
import { ExpressionError, positionOf } from '../errors';
import type { Value } from '../python/values';
import type { Expr, Node } from './ast';
import { compileExpression } from './compile-expression';
import type { Code } from './compile-expression';
import { compileBody } from './compile-statement';
import type { Compiling, Emit } from './compiling';
import type { Environment } from './environment';
import { usesOf } from './names';
import { Run } from './run';
import type { Names } from './run';
import { Scope } from './scope';
import { parseLone, parseTemplate } from './statement-parser';

export interface Rendering {
  context: Names;
  budget?: Budget;
  /** What functions of the host read. */
  host?: unknown;
  /** A number from 0 to below 1, for the `random` filter. */
  chance?: () => number;
}

/** A template ready to render, any number of times. */
export class Template {
  private readonly emit: Emit;
  private readonly code: Code | null;
  /** Whether it may change a value it is given. Values that functions of the host give are the host's to copy then. */
  readonly changes: boolean;
  /** The expression, where the template is one `{{ }}` and nothing else. */
  readonly lone: Expr | null;

  constructor(
    private readonly source: string,
    readonly nodes: readonly Node[],
    private readonly environment: Environment,
  ) {
    const compiling: Compiling = { environment, source, lenient: false, body: compileBody, size: 0 };
    const [only] = nodes;
    this.lone = nodes.length === 1 && only?.type === 'output' ? only.expr : null;
    this.changes = usesOf(nodes).changes;
    this.code = this.lone && compileExpression(this.lone, compiling);
    this.emit = compileBody(nodes, compiling);
  }

  /** Renders to text. Throws EXPRESSION_FAILED (naming line and column), EXPRESSION_BOUND. */
  render(rendering: Rendering): string {
    return this.run(rendering, (scope) => {
      const sink = { text: '' };
      this.emit(scope, sink);
      return sink.text;
    });
  }

  /** The value of a lone expression; a template of anything else has none. May be {@link Undefined}. */
  value(rendering: Rendering): Value {
    const { code } = this;
    if (!code) throw new Error('a template of several parts has no value');
    return this.run(rendering, code);
  }

  private run<T>({ context, budget = new Budget(), ...options }: Rendering, work: (scope: Scope) => T): T {
    const run = new Run(this.environment, context, budget, { changes: this.changes, ...options });
    try {
      return work(new Scope(run));
    } catch (error) {
      if (!(error instanceof ExpressionError) || error.facts.line !== undefined) throw error;
      throw new ExpressionError(error.code, error.message, { ...error.facts, ...positionOf(this.source, run.at) });
    }
  }
}

/** Parses and compiles. Throws EXPRESSION_SYNTAX with line and column (also for a filter or test that isn't there), EXPRESSION_BOUND. */
export const compileTemplate = (source: string, environment: Environment): Template =>
  new Template(source, parseTemplate(source), environment);

/** The same for an expression without delimiters. */
export const compileLone = (source: string, environment: Environment): Template =>
  new Template(source, parseLone(source), environment);
