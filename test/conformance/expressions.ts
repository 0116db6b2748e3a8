import { EverstormError } from '../../src/model/errors';
import { renderTemplate } from '../../src/expressions';
import { evaluateDocument } from '../../src/expressions/orquesta/evaluate';
import { workflowFunctions } from '../../src/expressions/orquesta/yaql';
import { equals } from '../../src/expressions/python/compare';
import { repr } from '../../src/expressions/python/text';
import { dictGet, isDict, isFloat, isInt, PySet } from '../../src/expressions/python/values';
import type { Dict, Value } from '../../src/expressions/python/values';

export interface CaseResult {
  id: string;
  group: string;
  outcome: 'passed' | 'failed' | 'skipped';
  expected: string;
  observed: string;
}

const field = (dict: Value, name: string): Value | undefined => (isDict(dict) ? dictGet(dict, name) : undefined);

/** Runs one recorded case of `expressions/*.jsonl` against this context. Orquesta's Jinja is not evaluated yet: such cases are skipped. */
export function runExpressionCase(recorded: Value, context: Dict): CaseResult {
  const [lang, expr, expect] = ['lang', 'expr', 'expect'].map((name) => field(recorded, name) ?? null) as [
    Value,
    Value,
    Value,
  ];
  const group = lang === 'jinja' ? 'jinja' : /\{[{%]/.test(repr(expr)) ? 'orquesta jinja' : 'yaql';
  const result = { id: String(field(recorded, 'id')), group, expected: repr(expect) };
  if (group === 'orquesta jinja') return { ...result, outcome: 'skipped', observed: 'not evaluated yet' };
  const observed = attempt(() =>
    group === 'jinja'
      ? renderTemplate(String(expr), context as never)
      : evaluateDocument(expr, workflowFunctions({ variables: context, item: null })),
  );
  return { ...result, outcome: fits(observed, expect) ? 'passed' : 'failed', observed: observed.text };
}

type Observed = { value: Value; text: string } | { error: Error; text: string };

function attempt(work: () => Value): Observed {
  try {
    const value = work();
    return { value, text: repr(value) };
  } catch (error) {
    if (!(error instanceof EverstormError)) throw error;
    return { error, text: error.message };
  }
}

function fits(observed: Observed, expect: Value): boolean {
  if (field(expect, 'error') !== undefined) return 'error' in observed;
  if ('error' in observed) return false;
  const wanted = field(expect, 'value') ?? null;
  const set = field(wanted, '$set');
  if (Array.isArray(set))
    return (
      observed.value instanceof PySet && equals(new PySet(observed.value.items.map(String)), new PySet(set.map(String)))
    );
  return equals(observed.value, wanted) && kindOf(observed.value) === kindOf(wanted);
}

/** Integer and float are told apart, as are True and 1. */
const kindOf = (value: Value): string =>
  typeof value === 'boolean' ? 'bool' : isInt(value) ? 'int' : isFloat(value) ? 'float' : 'other';
