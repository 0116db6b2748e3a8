/** What a format reads of a moment. */
export interface Formattable {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  microsecond: number;
  weekday: number;
  dayOfYear: number;
  offset: number | null;
  timestamp: number;
}

export const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
export const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];

const pad = (value: number, digits = 2, fill = '0'): string => String(value).padStart(digits, fill);
const hour12 = (hour: number): number => (hour % 12 === 0 ? 12 : hour % 12);

function zone(offset: number | null): string {
  if (offset === null) return '';
  const size = Math.abs(offset);
  const seconds = size % 60 ? pad(size % 60) : '';
  return `${offset < 0 ? '-' : '+'}${pad(Math.floor(size / 3600))}${pad(Math.floor(size / 60) % 60)}${seconds}`;
}

/** Week of the year whose first begins with the first day `first` (0 is Monday). */
const week = (at: Formattable, first: number): number =>
  Math.floor((at.dayOfYear + 6 - ((at.weekday - first + 7) % 7)) / 7);

type Directive = (at: Formattable) => string;

const DIRECTIVES: ReadonlyMap<string, Directive> = new Map<string, Directive>([
  ['a', (at) => (DAYS[at.weekday] as string).slice(0, 3)],
  ['A', (at) => DAYS[at.weekday] as string],
  ['b', (at) => (MONTHS[at.month - 1] as string).slice(0, 3)],
  ['B', (at) => MONTHS[at.month - 1] as string],
  ['c', (at) => strftime(at, '%a %b %e %H:%M:%S %Y')],
  ['C', (at) => pad(Math.floor(at.year / 100))],
  ['d', (at) => pad(at.day)],
  ['D', (at) => strftime(at, '%m/%d/%y')],
  ['e', (at) => pad(at.day, 2, ' ')],
  ['f', (at) => pad(at.microsecond, 6)],
  ['F', (at) => strftime(at, '%Y-%m-%d')],
  ['h', (at) => strftime(at, '%b')],
  ['H', (at) => pad(at.hour)],
  ['I', (at) => pad(hour12(at.hour))],
  ['j', (at) => pad(at.dayOfYear, 3)],
  ['k', (at) => pad(at.hour, 2, ' ')],
  ['l', (at) => pad(hour12(at.hour), 2, ' ')],
  ['m', (at) => pad(at.month)],
  ['M', (at) => pad(at.minute)],
  ['n', () => '\n'],
  ['p', (at) => (at.hour < 12 ? 'AM' : 'PM')],
  ['P', (at) => (at.hour < 12 ? 'am' : 'pm')],
  ['r', (at) => strftime(at, '%I:%M:%S %p')],
  ['R', (at) => strftime(at, '%H:%M')],
  ['S', (at) => pad(at.second)],
  ['t', () => '\t'],
  ['T', (at) => strftime(at, '%H:%M:%S')],
  ['u', (at) => String(at.weekday + 1)],
  ['U', (at) => pad(week(at, 6))],
  ['w', (at) => String((at.weekday + 1) % 7)],
  ['W', (at) => pad(week(at, 0))],
  ['x', (at) => strftime(at, '%m/%d/%y')],
  ['X', (at) => strftime(at, '%H:%M:%S')],
  ['y', (at) => pad(at.year % 100)],
  ['Y', (at) => String(at.year)],
  ['z', (at) => zone(at.offset)],
  ['Z', (at) => (at.offset === null ? '' : zoneName(at.offset))],
  ['%', () => '%'],
]);

function zoneName(offset: number): string {
  if (offset === 0) return 'UTC';
  const text = zone(offset);
  return `UTC${text.slice(0, 3)}:${text.slice(3)}`;
}

/** Python's `strftime` in the C locale; what is no directive stays as it is. */
export function strftime(at: Formattable, format: string): string {
  return format.replace(/%([\s\S])/g, (token, letter: string) => DIRECTIVES.get(letter)?.(at) ?? token);
}
