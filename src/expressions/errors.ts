import { EverstormError } from '../model/errors';
import type { ErrorCode } from '../model/errors';

/** Where and what: `type` is the class Python's error would have, `line` and `column` count from 1, `offset` from 0. */
export interface ErrorFacts {
  type?: string;
  /** Of a workflow's expression: its text, in which line and column are, and the type of what went wrong in it. */
  expression?: string;
  cause?: string;
  line?: number;
  column?: number;
  offset?: number;
}

/** An error of an expression: its code says which stage failed, its facts which Python exception it stands for and where. */
export class ExpressionError extends EverstormError {
  constructor(
    code: ErrorCode,
    message: string,
    readonly facts: ErrorFacts = {},
  ) {
    super(code, message);
  }
  /** The name of Python's exception class, such as `TypeError`. */
  get type(): string {
    return this.facts.type ?? 'Exception';
  }
}

/** Where an offset is, for people. */
export function positionOf(source: string, offset: number): { line: number; column: number; offset: number } {
  const before = source.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, offset };
}

/** A text that can't be parsed or compiled; says where (line and column from 1). */
export function syntaxError(message: string, source: string, offset: number, type = 'SyntaxError'): ExpressionError {
  const position = positionOf(source, offset);
  const where = `(line ${position.line}, column ${position.column})`;
  return new ExpressionError('EXPRESSION_SYNTAX', `${message} ${where}`, { type, ...position });
}

/** An expression that can't be evaluated with this context; `type` names Python's exception class. */
export function failed(message: string, type = 'Exception'): ExpressionError {
  return new ExpressionError('EXPRESSION_FAILED', message, { type });
}

export const typeError = (message: string): ExpressionError => failed(message, 'TypeError');
export const valueError = (message: string): ExpressionError => failed(message, 'ValueError');
export const overflowError = (message: string): ExpressionError => failed(message, 'OverflowError');
export const zeroDivision = (message: string): ExpressionError => failed(message, 'ZeroDivisionError');

/** An expression that asks for more than the bounds allow. */
export function beyondBound(message: string): ExpressionError {
  return new ExpressionError('EXPRESSION_BOUND', message, { type: 'EvaluationBound' });
}

/** Bases of the exception classes that our Python code raises and languages catch. */
const BASES: ReadonlyMap<string, string> = new Map([
  ['UnicodeEncodeError', 'ValueError'],
  ['UnicodeDecodeError', 'ValueError'],
  ['JSONDecodeError', 'ValueError'],
  ['KeyError', 'LookupError'],
  ['IndexError', 'LookupError'],
  ['ZeroDivisionError', 'ArithmeticError'],
  ['OverflowError', 'ArithmeticError'],
]);

/** Python's `except (types)`: true for a failed evaluation whose exception is one of these or derives from one; a bound is never caught. */
export function isPythonError(error: unknown, ...types: readonly string[]): error is ExpressionError {
  if (!(error instanceof ExpressionError) || error.code !== 'EXPRESSION_FAILED') return false;
  for (let type: string | undefined = error.type; type !== undefined; type = BASES.get(type))
    if (types.includes(type)) return true;
  return types.length === 0 || types.includes('Exception');
}
