/** A day of the proleptic Gregorian calendar. */
export interface Day {
  year: number;
  month: number;
  day: number;
}

const BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const before = (year: number, month: number): number =>
  (BEFORE[month - 1] as number) + (month > 2 && isLeap(year) ? 1 : 0);

export function daysInMonth(year: number, month: number): number {
  return (BEFORE[month] as number) - (BEFORE[month - 1] as number) + (month === 2 && isLeap(year) ? 1 : 0);
}

const yearStart = (year: number): number => {
  const past = year - 1;
  return past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
};

/** Days from 0001-01-01, which is day 0. */
export function daysOf({ year, month, day }: Day): number {
  return yearStart(year) + before(year, month) + day - 1;
}

/** The day so many days after 0001-01-01. */
export function civil(days: number): Day {
  let year = Math.floor(days / 365.2425) + 1;
  while (yearStart(year + 1) <= days) year += 1;
  while (yearStart(year) > days) year -= 1;
  const rest = days - yearStart(year);
  let month = 12;
  while (before(year, month) > rest) month -= 1;
  return { year, month, day: rest - before(year, month) + 1 };
}
