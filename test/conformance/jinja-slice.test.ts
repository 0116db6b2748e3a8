import { readFileSync } from 'node:fs';
import { renderTemplate } from '../../src/expressions';
import { loads } from '../../src/expressions/python/json';
import { dictEntries } from '../../src/expressions/python/values';
import type { Dict, Value } from '../../src/expressions/python/values';
import { errorCode } from '../../src/model/errors';
import { itWithShared, sharedLines, sharedPath } from '../helpers/shared';

const FOLDER = 'fixtures/expressions';
/** Cases of the complete library that the slice already does; may only grow. */
const FLOOR = Number(process.env['JINJA_FLOOR'] ?? 797);

interface Case {
  id: string;
  expr: string;
  expect: { value?: string; error?: string };
}

itWithShared(FOLDER)('the recorded Jinja cases of the first slice keep passing', () => {
  const context = Object.fromEntries(
    dictEntries(loads(readFileSync(sharedPath(`${FOLDER}/context.json`), 'utf8')) as Dict) as [string, Value][],
  );
  const cases = sharedLines(`${FOLDER}/jinja.jsonl`).map((line) => JSON.parse(line) as Case);
  const failures: string[] = [];
  for (const { id, expr, expect: wanted } of cases) {
    let got: string;
    try {
      got = renderTemplate(expr, context);
      if (got !== wanted.value) failures.push(`${id} ${expr} => ${got} wanted ${wanted.value ?? wanted.error}`);
    } catch (error) {
      expect(errorCode(error)).not.toBeNull();
      if (wanted.error === undefined) failures.push(`${id} ${expr} !! ${String(error)} wanted ${wanted.value}`);
    }
  }
  if (process.env['SHOW']) console.log(failures.join('\n'));
  expect(cases.length - failures.length).toBeGreaterThanOrEqual(FLOOR);
});
