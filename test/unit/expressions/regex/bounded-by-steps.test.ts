import { Budget } from '../../../../src/expressions/budget';
import { compileRegex } from '../../../../src/expressions/regex/regex';
import { errorCode } from '../../../../src/model/errors';

const MANY = 10_000;
const codeOf = (work: () => unknown): string | null => {
  try {
    work();
  } catch (error) {
    return errorCode(error);
  }
  return null;
};

test.each([
  ['(a+)+$', `${'a'.repeat(MANY)}b`],
  ['(a|aa)+$', `${'a'.repeat(MANY)}b`],
  ['(.*)*x', 'a'.repeat(MANY)],
  ['(\\w+\\s?)*!', 'aaa bbb '.repeat(MANY / 8)],
  ['.*x', 'a'.repeat(MANY)],
  ['(x+x+)+y', 'x'.repeat(MANY)],
  ['(?:(?:a?){50}){50}b', 'a'.repeat(MANY)],
  ['(a*)*\\1b', 'a'.repeat(MANY)],
  ['(?=(a+)+$)a', `${'a'.repeat(MANY)}b`],
])('%s over ten thousand characters ends with the bound', (pattern, text) => {
  const regex = compileRegex(pattern);
  expect(codeOf(() => regex.search(text, new Budget()))).toBe('EXPRESSION_BOUND');
});

test('a budget is shared by all that match under it', () => {
  const budget = new Budget({ matching: 1_000 });
  const regex = compileRegex('a+b');
  expect(codeOf(() => Array.from({ length: 1_000 }, () => regex.search('aaab', budget)))).toBe('EXPRESSION_BOUND');
});

test('plain patterns over a long text stay within the bound', () => {
  const text = 'abc 123 '.repeat(25_000);
  expect(compileRegex('error').search(text)).toBeNull();
  expect(compileRegex('(?i)ERROR|fatal').search(text)).toBeNull();
  expect(compileRegex('\\d+').findall(text, { budget: new Budget() })).toHaveLength(25_000);
  const shorter = text.slice(0, 40_000);
  expect(compileRegex('(?:abc|\\d+|\\s)*').fullmatch(shorter)?.end()).toBe(shorter.length);
});

test.each(['('.repeat(200) + ')'.repeat(200), 'a'.repeat(20_000)])(
  'a pattern too deep or too long is refused',
  (pattern) => {
    expect(codeOf(() => compileRegex(pattern))).toBe('EXPRESSION_BOUND');
  },
);

test('a function makes the replacement, and what it makes is counted', () => {
  const regex = compileRegex('(\\w)(\\d)?');
  expect(regex.sub('a1b', (match) => `[${match.group(1)}${match.group(2) ?? '-'}]`)).toBe('[a1][b-]');
  expect(codeOf(() => regex.sub('a'.repeat(2_000), () => 'x'.repeat(1_000), { budget: new Budget() }))).toBe(
    'EXPRESSION_BOUND',
  );
});
