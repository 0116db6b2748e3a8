const table = (rows: readonly (readonly string[])[]): ReadonlyMap<string, number> =>
  new Map(rows.flatMap((row, index) => row.map((word) => [word, index] as const)));

const JUMP = new Set([
  ' ',
  '.',
  ',',
  ';',
  '-',
  '/',
  "'",
  'at',
  'on',
  'and',
  'ad',
  'm',
  't',
  'of',
  'st',
  'nd',
  'rd',
  'th',
]);
const WEEKDAYS = table([
  ['mon', 'monday'],
  ['tue', 'tuesday'],
  ['wed', 'wednesday'],
  ['thu', 'thursday'],
  ['fri', 'friday'],
  ['sat', 'saturday'],
  ['sun', 'sunday'],
]);
const MONTHS = table([
  ...[['jan', 'january'], ['feb', 'february'], ['mar', 'march'], ['apr', 'april'], ['may'], ['jun', 'june']],
  ...[
    ['jul', 'july'],
    ['aug', 'august'],
    ['sep', 'sept', 'september'],
    ['oct', 'october'],
  ],
  ...[
    ['nov', 'november'],
    ['dec', 'december'],
  ],
]);
const UNITS = table([
  ['h', 'hour', 'hours'],
  ['m', 'minute', 'minutes'],
  ['s', 'second', 'seconds'],
]);
const HALVES = table([
  ['am', 'a'],
  ['pm', 'p'],
]);
const UTC = new Set(['utc', 'gmt', 'z']);

type Word = string | undefined;
const find = (words: ReadonlyMap<string, number>, word: Word): number | undefined =>
  words.get((word ?? '').toLowerCase());

/** What words in a date mean. Source: dateutil's `parserinfo`. */
export const isJump = (word: Word): boolean => JUMP.has((word ?? '').toLowerCase());
export const weekday = (word: Word): number | undefined => find(WEEKDAYS, word);
/** 1 to 12. */
export function month(word: Word): number | undefined {
  const index = find(MONTHS, word);
  return index === undefined ? undefined : index + 1;
}
/** 0 for hours, 1 for minutes, 2 for seconds. */
export const unit = (word: Word): number | undefined => find(UNITS, word);
/** 0 before noon, 1 after it. */
export const half = (word: Word): number | undefined => find(HALVES, word);
export const isUtc = (word: Word): boolean => UTC.has((word ?? '').toLowerCase());
/** Also in just this spelling. */
export const isUtcName = (word: Word): boolean => ['UTC', 'GMT', 'Z', 'z'].includes(word ?? '');
