import { fitOutcome, LARGEST_OUTCOME_BYTES } from '../../../activities/fit-outcome';
import type { JsonValue } from '../../../src/model/json';

const fitted = (result: JsonValue) => fitOutcome({ status: 'succeeded', result }).result;
const size = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

describe('a result that Temporal would refuse', () => {
  it('is left alone while it fits', () => {
    const result = { stdout: 'x'.repeat(1_000_000), return_code: 0 };
    expect(fitted(result)).toBe(result);
  });
  it('keeps its small fields and the beginning of the large ones, and says what is gone', () => {
    const result = fitted({ stdout: 'o'.repeat(5_000_000), stderr: 'e'.repeat(3_000_000), return_code: 7 }) as {
      stdout: string;
      stderr: string;
      return_code: number;
    };
    expect(size(result)).toBeLessThanOrEqual(LARGEST_OUTCOME_BYTES);
    expect(result.return_code).toBe(7);
    expect(result.stdout).toMatch(/^o+\n\[cut: \d+ of 5000000 bytes left out/);
    expect(result.stderr).toMatch(/^e+\n\[cut: \d+ of 3000000 bytes left out/);
  });
  it('is measured as JSON in UTF-8, whatever its characters and shape', () => {
    for (const large of [
      '\u0000'.repeat(1_000_000),
      '☃'.repeat(1_500_000),
      Array.from({ length: 600_000 }, () => 'ab'),
    ]) {
      expect(size(fitted({ body: large, status_code: 200 }))).toBeLessThanOrEqual(LARGEST_OUTCOME_BYTES);
      expect(size(fitted(large))).toBeLessThanOrEqual(LARGEST_OUTCOME_BYTES);
    }
  });
});
