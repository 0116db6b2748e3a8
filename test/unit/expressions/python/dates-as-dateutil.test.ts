import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PyDateTime } from '../../../../src/expressions/python/datetime';
import { parseMoment } from '../../../../src/expressions/python/parse-moment';
import { errorCode } from '../../../../src/model/errors';

const NOW = Date.UTC(2026, 2, 14);
const { cases } = JSON.parse(readFileSync(join(__dirname, 'recorded/dates.json'), 'utf8')) as {
  cases: [string, string][];
};

function read(text: string): string {
  try {
    const { local, offset } = parseMoment(text, () => NOW);
    return new PyDateTime(local).isoformat() + (offset === null ? '' : ` ${offset}`);
  } catch (error) {
    return errorCode(error) === 'EXPRESSION_FAILED' ? 'error' : `untyped ${String(error)}`;
  }
}

test('dates written in many ways are read as dateutil reads them', () => {
  expect(cases.length).toBeGreaterThan(300);
  expect(cases.map(([text]) => [text, read(text)])).toEqual(cases);
});

test('what a text leaves out is of the day that the caller names; without one it is an error', () => {
  expect(read('11:30')).toBe('2026-03-14T11:30:00');
  expect(() => parseMoment('11:30')).toThrow('needs the time from outside');
  expect(parseMoment('2026-01-02 03:04').isoformat()).toBe('2026-01-02T03:04:00');
});
