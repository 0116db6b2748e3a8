import { parseYaql } from '../../../src/expressions/yaql/parser';
import { printYaql } from '../../../src/expressions/yaql/print';
import { describeWithShared, sharedLines } from '../../helpers/shared';

const withoutPlaces = (tree: unknown): unknown =>
  JSON.parse(JSON.stringify(tree, (key, value: unknown) => (key === 'at' ? undefined : value)));

/** Every form at least once, and operators in all orders that need parentheses. */
const FORMS = [
  '$',
  '$1',
  '$name',
  'word',
  "'it''s'",
  '"a\\n\\\\b"',
  '1',
  '1.5',
  'true',
  'null',
  'f()',
  'f(a, , b => 1)',
  '[1, [2]]',
  '{a => 1}',
  'a.b.c(1)[0].d',
  'a?.b',
  '-1 + 2',
  '-(1 + 2)',
  '(1 + 2) * 3',
  '1 - (2 - 3)',
  'not a and b',
  'not (a and b)',
  'a or b and c',
  '(a or b) and c',
  '(a = b) = c',
  'a = (b = c)',
  'let(x => 1) -> $x -> $x',
  '(let(1) -> $) -> $',
  'a in [1] and not b in c',
  "a =~ 'b'",
  '(-a).b',
  '- a.b',
  '(not a) = b',
];

test('parse, print and parse again give the same tree', () => {
  for (const text of FORMS.map((form) => form.replace("''", ''))) {
    const tree = parseYaql(text);
    expect(withoutPlaces(parseYaql(printYaql(tree)))).toEqual(withoutPlaces(tree));
  }
});

describeWithShared('fixtures/expressions')('recorded YAQL', () => {
  test('parse, print and parse again give the same tree', () => {
    let trees = 0;
    for (const line of sharedLines('fixtures/expressions/orquesta.jsonl')) {
      const { expr, expect: wanted } = JSON.parse(line) as { expr: unknown; expect: { message?: string } };
      if (typeof expr !== 'string' || !/^<%[^%]*%>$/.test(expr) || /Grammar|Lexical/.test(wanted.message ?? ''))
        continue;
      const tree = parseYaql(expr.slice(2, -2));
      expect(withoutPlaces(parseYaql(printYaql(tree)))).toEqual(withoutPlaces(tree));
      trees += 1;
    }
    expect(trees).toBeGreaterThan(300);
  });
});
