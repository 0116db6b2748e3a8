import type { JsonObject } from '../../src/model/json';
import type { Rule } from '../../src/model/rule';
import { compileRule } from '../../src/rules/compile';
import { evaluateRule } from '../../src/rules/evaluate';
import { itWithShared, sharedLines } from '../helpers/shared';

const FILE = 'fixtures/rules/criteria.jsonl';
/** Cases that pass; may only grow. */
const FLOOR = Number(process.env['CRITERIA_FLOOR'] ?? 2570);

interface Case {
  id: string;
  group: string;
  now: string;
  payload: JsonObject;
  criteria: Rule['criteria'];
  expect: { match?: boolean; error?: string; raises?: string };
}

const outcome = ({ payload, criteria, now }: Case): string => {
  const rule = { ref: 'p.r', type: { ref: 'standard', parameters: {} }, criteria } as unknown as Rule;
  const { kind } = evaluateRule(compileRule(rule), payload, { now: Date.parse(now) });
  return kind;
};
const wanted = ({ expect: { match, error, raises } }: Case): string =>
  raises !== undefined || (error !== undefined && match !== true) ? 'failed' : match ? 'matched' : 'not-matched';

itWithShared(FILE)('the recorded criteria that match as StackStorm matches do not get fewer', () => {
  const cases = sharedLines(FILE).map((line) => JSON.parse(line) as Case);
  const groups = new Map<string, { passed: number; failed: string[] }>();
  for (const each of cases) {
    const group = groups.get(each.group) ?? { passed: 0, failed: [] };
    groups.set(each.group, group);
    const got = outcome(each);
    if (got === wanted(each)) group.passed += 1;
    else
      group.failed.push(
        `${each.id} ${JSON.stringify(each.criteria)} ${got}, wanted ${wanted(each)} ${each.expect.error ?? ''}`,
      );
  }
  const table = [...groups].map(
    ([name, { passed, failed }]) => `${name.padEnd(24)} ${passed}/${passed + failed.length}`,
  );
  console.log(table.sort().join('\n'));
  if (process.env['SHOW']) console.log([...groups.values()].flatMap(({ failed }) => failed.slice(0, 100)).join('\n'));
  expect([...groups.values()].reduce((sum, { passed }) => sum + passed, 0)).toBeGreaterThanOrEqual(FLOOR);
});
