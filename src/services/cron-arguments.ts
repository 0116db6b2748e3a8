import type { JsonObject, JsonValue } from '../model/json';
import { pyRepr } from '../model/python-text';

/** Fields of a cron trigger and the values they take; APScheduler's, which counts weekdays from Monday = 0. */
const RANGES = {
  year: [1970, 9999],
  month: [1, 12],
  week: [1, 53],
  day: [1, 31],
  day_of_week: [0, 6],
  hour: [0, 23],
  minute: [0, 59],
  second: [0, 59],
} as const satisfies Record<string, readonly [number, number]>;
type Field = keyof typeof RANGES;

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const EVERY = /^\*(?:\/(\d+))?$/;
const NUMBERS = /^(\d+)(?:-(\d+))?(?:\/(\d+))?$/;
const NAMES = /^([a-z]+)(?:-([a-z]+))?$/i;
const NTH_WEEKDAY = /^(?:1st|2nd|3rd|4th|5th|last) +(\w+)$/i;

interface Numbers {
  first: number;
  /** Null: up to the field's greatest. */
  last: number | null;
  /** Null: every one. */
  step: number | null;
}

const NO_STEP = 'Increment must be higher than 0';
const BACKWARDS = 'The minimum value in a range must not be higher than the maximum';

/** What is wrong with an expression that has the right form; null when it fits the field. */
function rangeProblem({ first, last, step }: Numbers, [least, greatest]: readonly [number, number]): string | null {
  const tooWide = (range: number): string =>
    `the step value (${step}) is higher than the total range of the expression (${range})`;
  if (step !== null && step > greatest - least) return tooWide(greatest - least);
  if (first < least) return `the first value (${first}) is lower than the minimum value (${least})`;
  if (last !== null && last > greatest) {
    return `the last value (${last}) is higher than the maximum value (${greatest})`;
  }
  const width = (last ?? greatest) - first;
  return step !== null && step > width ? tooWide(width) : null;
}

const inExpression = (text: string, problem: string | null): string | null =>
  problem === null ? null : `Error validating expression ${pyRepr(text)}: ${problem}`;

function numbersProblem(text: string, field: Field, numbers: Numbers): string | null {
  if (numbers.step === 0) return NO_STEP;
  if (numbers.last !== null && numbers.first > numbers.last) return BACKWARDS;
  return inExpression(text, rangeProblem(numbers, RANGES[field]));
}

/** Names of weekdays or months: `mon`, `jan-mar`. */
function namesProblem(match: RegExpExecArray, known: readonly string[], kind: string): string | null {
  const given = match.slice(1).filter((name) => name !== undefined);
  const places = given.map((name) => known.indexOf(name.toLowerCase()));
  const wrong = places.indexOf(-1);
  if (wrong >= 0) return `Invalid ${kind} name "${given[wrong]}"`;
  return (places[0] ?? 0) > (places[1] ?? Infinity) ? BACKWARDS : null;
}

/** Forms that only some fields have; undefined when the text has none of them. */
function specialProblem(text: string, field: Field): string | null | undefined {
  const nth = NTH_WEEKDAY.exec(text);
  if (field === 'day' && nth) {
    return WEEKDAYS.includes(nth[1]?.toLowerCase() ?? '') ? null : `Invalid weekday name "${nth[1]}"`;
  }
  if (field === 'day' && text.toLowerCase() === 'last') return null;
  const names = NAMES.exec(text);
  if (field === 'day_of_week' && names) return namesProblem(names, WEEKDAYS, 'weekday');
  if (field === 'month' && names) return namesProblem(names, MONTHS, 'month');
  return undefined;
}

function expressionProblem(text: string, field: Field): string | null {
  const every = EVERY.exec(text);
  const [least] = RANGES[field];
  if (every) return numbersProblem(text, field, { first: least, last: null, step: numberOf(every[1]) });
  const numbers = NUMBERS.exec(text);
  if (numbers) {
    const [first, last, step] = [Number(numbers[1]), numberOf(numbers[2]), numberOf(numbers[3])];
    return numbersProblem(text, field, { first, last: last ?? (step === null ? first : null), step });
  }
  const special = specialProblem(text, field);
  return special === undefined ? `Unrecognized expression "${text}" for field "${field}"` : special;
}

const numberOf = (digits: string | undefined): number | null => (digits === undefined ? null : Number(digits));

function zoneProblem(zone: JsonValue | undefined): string | null {
  if (typeof zone !== 'string') return null;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return null;
  } catch {
    return `Unknown time zone ${pyRepr(zone)}`;
  }
}

/**
 * What is wrong with the parameters of a cron trigger that already fit its schema, in APScheduler's words, which StackStorm hands on;
 * null when a timer can be made of them.
 */
export function cronProblem(parameters: JsonObject): string | null {
  for (const field of Object.keys(RANGES) as Field[]) {
    const value = Object.hasOwn(parameters, field) ? parameters[field] : undefined;
    if (value === undefined || value === null) continue;
    for (const text of String(value as string | number)
      .trim()
      .split(/ *, */)) {
      const problem = expressionProblem(text, field);
      if (problem !== null) return problem;
    }
  }
  return zoneProblem(parameters['timezone']);
}
