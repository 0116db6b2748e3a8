import { EverstormError } from '../../model/errors';
import type { JsonObject, JsonValue } from '../../model/json';
import { typeName } from '../../expressions/python/values';

/** What an operator may ask beside value and pattern. */
export interface OperatorContext {
  /** The clock, in milliseconds since the epoch. */
  now: number;
  /** The criterion's `condition`, for `search`. */
  condition?: string;
  /** Asks child criteria about what they see, for `search`: one verdict each, in order. */
  ask?: (criteria: JsonObject, seen: JsonObject) => boolean[];
}

/**
 * Compares a payload's value with a pattern by Python's rules. Throws (EXPRESSION_FAILED, EXPRESSION_BOUND, CRITERION_FAILED) where
 * StackStorm's operator raises: the criterion then failed, which is not the same as not matching.
 */
export type Operator = (value: JsonValue, pattern: JsonValue, context: OperatorContext) => boolean;
export type OperatorFamily = Readonly<Record<string, Operator>>;

/** Text, or a failed criterion as Python has it when a text method is asked of something else. */
export function text(value: JsonValue): string {
  if (typeof value === 'string') return value;
  throw new EverstormError('CRITERION_FAILED', `text is required, got '${typeName(value)}'`);
}
