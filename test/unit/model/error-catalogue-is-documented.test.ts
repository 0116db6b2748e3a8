import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS, EverstormError, errorCode } from '../../../src/model/errors';

describe('the error catalogue', () => {
  it('is documented line by line: code, status, who acts, whether a retry helps', () => {
    const page = readFileSync(join(__dirname, '../../../docs/errors.md'), 'utf8');
    const rows = page.split('\n').filter((line) => /^\| [A-Z]/.test(line));
    const documented = rows.map((row) =>
      row
        .split('|')
        .slice(1, 5)
        .map((cell) => cell.trim()),
    );
    const expected = Object.entries(ERRORS).map(([code, kind]) => [
      code,
      String(kind.http),
      kind.who,
      kind.retryable ? 'yes' : 'no',
    ]);
    expect(documented).toEqual(expected);
  });
  it('tells an error by its code even when it crossed a process', () => {
    const copy: unknown = JSON.parse(JSON.stringify({ code: new EverstormError('UNAVAILABLE', 'x').code }));
    expect(errorCode(copy)).toBe('UNAVAILABLE');
    expect(errorCode({ code: 'toString' })).toBeNull();
  });
});
