import { valueError } from '../../errors';
import { daysInMonth } from '../calendar';

type Part = 'year' | 'month' | 'day';
export type YearMonthDay = Partial<Record<Part, number>>;

/** Numbers of a date in the order they came, before it is known which is which. Source: dateutil's `_ymd`. */
export class DateParts {
  private readonly values: number[] = [];
  private readonly known = new Map<Part, number>();
  /** A year was written with all its digits. */
  centurySpecified = false;

  get length(): number {
    return this.values.length;
  }
  /** Adds a number as written, or a value; it is a year when it can't be anything else. */
  add(given: string | number, part?: Part): void {
    const isYear = typeof given === 'string' ? /^\d{3,}$/.test(given) : given > 100;
    const label = isYear ? 'year' : part;
    if (isYear) {
      this.centurySpecified = true;
      if (part !== undefined && part !== 'year') throw valueError(part);
    }
    const value = typeof given === 'number' ? Math.trunc(given) : Number(given);
    if (!Number.isInteger(value)) throw valueError(`${given} is no whole number`);
    if (label && this.known.has(label)) throw valueError(`${label} is already set`);
    if (label) this.known.set(label, this.values.length);
    this.values.push(value);
  }
  couldBeDay(value: number): boolean {
    if (this.known.has('day')) return false;
    const month = this.valueOf('month');
    if (month === undefined) return value >= 1 && value <= 31;
    return value >= 1 && value <= daysInMonth(this.valueOf('year') ?? 2000, month);
  }
  private valueOf(part: Part): number | undefined {
    const index = this.known.get(part);
    return index === undefined ? undefined : this.values[index];
  }

  /** Which number is what; the month goes before the day where both are possible. */
  resolve(): YearMonthDay {
    const { values, known } = this;
    if (values.length > 3) throw valueError('More than three YMD values');
    if (known.size > 0 && (known.size === values.length || (values.length === 3 && known.size === 2)))
      return this.byNames();
    const [a, b, c] = values;
    if (a === undefined) return {};
    const month = known.get('month');
    if (b === undefined || (month !== undefined && c === undefined)) return withMonth(values, month);
    return c === undefined ? two(a, b) : three([a, b, c], month, known.get('year') === 0);
  }

  private byNames(): YearMonthDay {
    const found: YearMonthDay = {};
    for (const [part, index] of this.known) found[part] = this.values[index] as number;
    const left = (['year', 'month', 'day'] as const).find((part) => !this.known.has(part));
    const index = this.values.findIndex((_, at) => ![...this.known.values()].includes(at));
    if (left && index >= 0) found[left] = this.values[index] as number;
    return found;
  }
}

function withMonth(values: readonly number[], month: number | undefined): YearMonthDay {
  const other = month === undefined ? values[0] : values.at(month - 1);
  const found: YearMonthDay = month === undefined ? {} : { month: values[month] as number };
  if (values.length === 1 && month !== undefined) return found;
  return { ...found, [(other as number) > 31 ? 'year' : 'day']: other };
}

function two(a: number, b: number): YearMonthDay {
  if (a > 31) return { year: a, month: b };
  return b > 31 ? { month: a, year: b } : { month: a, day: b };
}

const named = (values: readonly number[], order: readonly Part[]): YearMonthDay =>
  Object.fromEntries(order.map((part, index) => [part, values[index]]));

function three(values: readonly [number, number, number], month: number | undefined, yearFirst: boolean): YearMonthDay {
  const [a, b] = values;
  if (month === 0) return named(values, b > 31 ? ['month', 'year', 'day'] : ['month', 'day', 'year']);
  if (month === 1) return named(values, a > 31 ? ['year', 'month', 'day'] : ['day', 'month', 'year']);
  if (month === 2) return named(values, b > 31 ? ['day', 'year', 'month'] : ['year', 'day', 'month']);
  if (a > 31 || yearFirst) return named(values, ['year', 'month', 'day']);
  return named(values, a > 12 ? ['day', 'month', 'year'] : ['month', 'day', 'year']);
}
