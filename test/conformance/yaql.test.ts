import { readFileSync } from 'node:fs';
import { evaluateDocument } from '../../src/expressions/orquesta/evaluate';
import { workflowFunctions } from '../../src/expressions/orquesta/yaql';
import { equals } from '../../src/expressions/python/compare';
import { loads } from '../../src/expressions/python/json';
import { repr } from '../../src/expressions/python/text';
import { dictGet, isDict, isFloat, isInt, PySet } from '../../src/expressions/python/values';
import type { Dict, Value } from '../../src/expressions/python/values';
import { EverstormError } from '../../src/model/errors';
import { describeWithShared, sharedLines, sharedPath } from '../helpers/shared';

const FOLDER = 'fixtures/expressions';

/** Python's order of a set can't be had; dates and time spans are not there yet. */
const KNOWN = ['orq-expr-0043', 'orq-expr-0087', 'orq-expr-0337'];

const field = (dict: Value, name: string): Value | undefined => (isDict(dict) ? dictGet(dict, name) : undefined);

describeWithShared(FOLDER)('recorded YAQL', () => {
  test('gives the recorded value, integers and floats apart, or fails as recorded', () => {
    const variables = loads(readFileSync(sharedPath(`${FOLDER}/context.json`), 'utf8')) as Dict;
    const functions = workflowFunctions({ variables, item: null });
    const cases = sharedLines(`${FOLDER}/orquesta.jsonl`)
      .map(loads)
      .filter((recorded) => !/\{[{%]/.test(repr(field(recorded, 'expr') ?? null)));
    expect(cases.length).toBeGreaterThan(400);
    const failed = cases.filter((recorded) => {
      const [expr = null, expected = null] = [field(recorded, 'expr'), field(recorded, 'expect')];
      const value = valueOf(() => evaluateDocument(expr, functions));
      return value === undefined ? field(expected, 'error') === undefined : !fits(value, expected);
    });
    expect(failed.map((recorded) => field(recorded, 'id'))).toEqual(KNOWN);
  });
});

/** Undefined when it fails as expressions do. */
function valueOf(work: () => Value): Value | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof EverstormError) return undefined;
    throw error;
  }
}

function fits(value: Value, expected: Value): boolean {
  const wanted = field(expected, 'value');
  const set = field(wanted ?? null, '$set');
  if (Array.isArray(set))
    return value instanceof PySet && equals(new PySet(value.items.map(String)), new PySet(set.map(String)));
  return wanted !== undefined && equals(value, wanted) && kindOf(value) === kindOf(wanted);
}

/** Integer and float are told apart, as are True and 1. */
const kindOf = (value: Value): string =>
  typeof value === 'boolean' ? 'bool' : isInt(value) ? 'int' : isFloat(value) ? 'float' : 'other';
