import { cronProblem } from '../../../src/services/cron-arguments';

describe('parameters of a cron trigger', () => {
  test.each([
    {},
    { hour: 0, minute: '*/15' },
    { month: 'jan-mar', day_of_week: 'mon-fri' },
    { month: 'Dec', day_of_week: 6 },
    { day: 'last' },
    { day: '3rd Fri' },
    { day: 'last sun' },
    { hour: '1, 5-8 ,10-20/5', second: '30/10' },
    { year: '2026-2030', week: 53, timezone: 'Europe/Berlin' },
  ])('%j is a timer', (parameters) => {
    expect(cronProblem(parameters)).toBeNull();
  });

  test.each([
    [{ hour: '99' }, "Error validating expression '99': the last value (99) is higher than the maximum value (23)"],
    [{ month: '0' }, "Error validating expression '0': the first value (0) is lower than the minimum value (1)"],
    [{ day: '0-3' }, "Error validating expression '0-3': the first value (0) is lower than the minimum value (1)"],
    [
      { minute: '*/60' },
      "Error validating expression '*/60': the step value (60) is higher than the total range of the expression (59)",
    ],
    [
      { hour: '1-3/5' },
      "Error validating expression '1-3/5': the step value (5) is higher than the total range of the expression (2)",
    ],
    [{ hour: '5-1' }, 'The minimum value in a range must not be higher than the maximum'],
    [{ day_of_week: 'fri-mon' }, 'The minimum value in a range must not be higher than the maximum'],
    [{ second: '*/0' }, 'Increment must be higher than 0'],
    [{ hour: '' }, 'Unrecognized expression "" for field "hour"'],
    [{ hour: '1,,2' }, 'Unrecognized expression "" for field "hour"'],
    [{ hour: 'mon' }, 'Unrecognized expression "mon" for field "hour"'],
    [{ hour: -1 }, 'Unrecognized expression "-1" for field "hour"'],
    [{ month: 'foo' }, 'Invalid month name "foo"'],
    [{ day_of_week: 'mon-xyz' }, 'Invalid weekday name "xyz"'],
    [{ day: '2nd foo' }, 'Invalid weekday name "foo"'],
    [{ timezone: 'Mars/Olympus' }, "Unknown time zone 'Mars/Olympus'"],
  ])('%j is refused: %s', (parameters, text) => {
    expect(cronProblem(parameters as never)).toBe(text);
  });
});
