import { valueError } from '../errors';

/** Python's format mini-language: `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`. */
export interface FormatSpec {
  fill: string;
  align: '' | '<' | '>' | '=' | '^';
  sign: '' | '+' | '-' | ' ';
  positiveZero: boolean;
  alternate: boolean;
  /** A `0` before the width: numbers without an alignment are filled after their sign. */
  zero: boolean;
  width: number;
  grouping: '' | ',' | '_';
  precision: number | null;
  type: string;
}

const MAX = 2 ** 63;

/** Parses a format specification. Throws ValueError. */
export function parseSpec(spec: string, forType: string): FormatSpec {
  const reader = new Reader(Array.from(spec));
  const [fill, align] = reader.alignment();
  const sign = reader.oneOf('+- ') as FormatSpec['sign'];
  const positiveZero = reader.oneOf('z') !== '';
  const alternate = reader.oneOf('#') !== '';
  const zero = fill === '' && reader.oneOf('0') !== '';
  const width = reader.number() ?? 0;
  const grouping = reader.oneOf(',_') as FormatSpec['grouping'];
  const second = reader.oneOf(',_');
  if (second !== '')
    throw valueError(
      second === grouping ? `Cannot specify '${grouping}' with '${grouping}'.` : "Cannot specify both ',' and '_'.",
    );
  const precision = reader.precision();
  const type = reader.rest();
  if (Array.from(type).length > 1)
    throw valueError(`Invalid format specifier '${spec}' for object of type '${forType}'`);
  return {
    fill: fill === '' ? (zero ? '0' : ' ') : fill,
    align,
    zero,
    ...{ sign, positiveZero, alternate, width, grouping, precision, type },
  };
}

class Reader {
  private at = 0;
  constructor(private readonly chars: readonly string[]) {}

  alignment(): [string, FormatSpec['align']] {
    const isAlign = (char: string | undefined): boolean => char !== undefined && '<>=^'.includes(char);
    if (isAlign(this.chars[1])) {
      this.at = 2;
      return [this.chars[0] as string, this.chars[1] as FormatSpec['align']];
    }
    if (!isAlign(this.chars[0])) return ['', ''];
    this.at = 1;
    return ['', this.chars[0] as FormatSpec['align']];
  }
  oneOf(among: string): string {
    const char = this.chars[this.at];
    if (char === undefined || !among.includes(char)) return '';
    this.at += 1;
    return char;
  }
  number(): number | null {
    let digits = '';
    for (let digit = this.oneOf('0123456789'); digit !== ''; digit = this.oneOf('0123456789')) digits += digit;
    if (digits === '') return null;
    if (Number(digits) >= MAX) throw valueError('Too many decimal digits in format string');
    return Number(digits);
  }
  precision(): number | null {
    if (this.oneOf('.') === '') return null;
    const precision = this.number();
    if (precision === null) throw valueError('Format specifier missing precision');
    return precision;
  }
  rest(): string {
    return this.chars.slice(this.at).join('');
  }
}
