import { describeWithShared, sharedPath } from '../helpers/shared';
import { runCases, UsageError } from './run';
import type { Summary } from './run';

/** The order of a Python set of texts changes with every process. */
const NEVER_EQUAL = ['orq-expr-0337'];
/** A time without a date is one of the day of the recording there, whose clock was set back for everything else. */
const CLOCK_OF_THE_RECORDING = [
  ...['rule-0138', 'rule-0720', 'rule-0904', 'rule-0955', 'rule-1095', 'rule-1243', 'rule-1318', 'rule-1492'],
  ...['rule-1567', 'rule-1588', 'rule-1696', 'rule-1789', 'rule-1936', 'rule-2423'],
];

/** `npm run conformance` prints what was expected and observed. */
const run = (...args: string[]): Summary => runCases(args, () => undefined);

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
  test('match, do not match and fail as in StackStorm', () => {
    const { passed, failures } = run('rules', sharedPath('fixtures/rules/criteria.jsonl'));
    expect(failures).toEqual(CLOCK_OF_THE_RECORDING);
    expect(passed).toBeGreaterThan(2_600);
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
