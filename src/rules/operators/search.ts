import { EverstormError } from '../../model/errors';
import type { JsonValue } from '../../model/json';
import { isJsonObject } from '../../model/json';
import { compilePath, lookUp } from '../payload-path';
import type { Path } from '../payload-path';
import type { Operator, OperatorContext } from './operator';

interface Child {
  path: Path;
  operator: Operator;
  pattern: JsonValue;
  condition?: string;
}
type Quantifier = (items: readonly JsonValue[], children: readonly Child[], holds: Holds) => boolean;
type Holds = (item: JsonValue, child: Child) => boolean;

const CONDITIONS: ReadonlyMap<string, Quantifier> = new Map<string, Quantifier>([
  ['any', (items, children, holds) => items.some((item) => children.every((child) => holds(item, child)))],
  ['all', (items, children, holds) => items.every((item) => children.every((child) => holds(item, child)))],
  ['any2any', (items, children, holds) => items.some((item) => children.some((child) => holds(item, child)))],
  ['all2any', (items, children, holds) => items.every((item) => children.some((child) => holds(item, child)))],
]);

/** `search`: a list's items (or one dict) against child criteria `item.<path>`, joined by the criterion's `condition`. */
export function searchOperator(operatorNamed: (name: string) => Operator | undefined): Operator {
  const compileChild = (key: string, criterion: JsonValue): Child => {
    const type = isJsonObject(criterion) ? criterion['type'] : undefined;
    const operator = typeof type === 'string' ? operatorNamed(type) : undefined;
    if (!isJsonObject(criterion) || !operator) throw failure('search: a child criterion names no known operator');
    const { condition } = criterion;
    return {
      path: compilePath(key),
      operator,
      pattern: criterion['pattern'] ?? null,
      ...(typeof condition === 'string' ? { condition } : {}),
    };
  };
  return (value, pattern, context) => {
    const quantify = CONDITIONS.get(context.condition ?? '');
    if (!quantify) throw failure('search: condition must be any, all, any2any or all2any');
    if (!isJsonObject(pattern)) throw failure('search: pattern must hold child criteria');
    const items = isJsonObject(value) ? [value] : value;
    if (!Array.isArray(items)) throw failure('search: value is neither a list nor a dict');
    const children = Object.entries(pattern).map(([key, criterion]) => compileChild(key, criterion));
    return quantify(items, children, (item, child) =>
      child.operator(lookUp(child.path, { item }), child.pattern, childContext(context, child)),
    );
  };
}

function childContext({ now }: OperatorContext, { condition }: Child): OperatorContext {
  return condition === undefined ? { now } : { now, condition };
}

const failure = (message: string): EverstormError => new EverstormError('CRITERION_FAILED', message);
