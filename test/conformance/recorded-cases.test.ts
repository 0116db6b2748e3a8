import { describeWithShared, sharedPath } from '../helpers/shared';
import { runCases, UsageError } from './run';
import type { Summary } from './run';

/** The order of a Python set of texts changes with every process. */
const NEVER_EQUAL = ['orq-expr-0337'];
/** Criteria that pass; may only grow. */
const CRITERIA = 2570;

function run(...args: string[]): Summary {
  const lines: string[] = [];
  const summary = runCases(args, (line) => lines.push(line));
  if (summary.failed > 0) console.log(lines.slice(-80).join('\n'));
  return summary;
}

describeWithShared('fixtures/expressions')('recorded expressions', () => {
  const [folder, context] = ['fixtures/expressions', 'fixtures/expressions/context.json'].map(sharedPath) as [
    string,
    string,
  ];

  test('mean what they meant to StackStorm and Orquesta', () => {
    const { passed, failures } = run('expressions', folder, '--context', context);
    expect(failures).toEqual(NEVER_EQUAL);
    expect(passed).toBeGreaterThan(1_700);
  });
});

describeWithShared('fixtures/rules')('recorded criteria', () => {
  test('that match as in StackStorm do not get fewer', () => {
    expect(run('rules', sharedPath('fixtures/rules/criteria.jsonl')).passed).toBeGreaterThanOrEqual(CRITERIA);
  });
});

test.each([
  [['expressions']],
  [['weather', 'x.jsonl']],
  [['expressions', 'x.jsonl']],
  [['rules', '/nowhere.jsonl']],
  [['rules', 'x.jsonl', '--context']],
])('a command that makes no sense says so: %j', (args) => {
  expect(() => run(...args)).toThrow(UsageError);
});
