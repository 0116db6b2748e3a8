import { readFileSync } from 'node:fs';
import { loads } from '../../../src/expressions/python/json';
import type { Dict } from '../../../src/expressions/python/values';
import { runExpressionCase } from '../../conformance/expressions';
import { describeWithShared, sharedPath } from '../../helpers/shared';

const FOLDER = 'fixtures/expressions';

/** Python's order of a set can't be had; dates and time spans are not there yet. */
const KNOWN = ['orq-expr-0043', 'orq-expr-0087', 'orq-expr-0337'];

describeWithShared(FOLDER)('recorded YAQL', () => {
  test('gives the recorded value, integers and floats apart, or fails as recorded', () => {
    const context = loads(readFileSync(sharedPath(`${FOLDER}/context.json`), 'utf8')) as Dict;
    const lines = readFileSync(sharedPath(`${FOLDER}/orquesta.jsonl`), 'utf8')
      .trim()
      .split('\n');
    const results = lines
      .map((line) => runExpressionCase(loads(line), context))
      .filter(({ group }) => group === 'yaql');
    expect(results.length).toBeGreaterThan(400);
    const failed = results.filter(({ outcome }) => outcome !== 'passed');
    expect(failed.map(({ id }) => id)).toEqual(KNOWN);
  });
});
