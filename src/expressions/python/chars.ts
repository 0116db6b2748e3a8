import { isSpace } from '../regex/categories';
import { isPrintable } from './text';

/** Pairs of first and last code point. */
type Ranges = readonly (readonly [number, number])[];

/** Digits that are not decimal: superscripts, circled and the like. */
const OTHER_DIGITS: Ranges = [
  [0xb2, 0xb3],
  [0xb9, 0xb9],
  [0x1369, 0x1371],
  [0x19da, 0x19da],
  [0x2070, 0x2070],
  [0x2074, 0x2079],
  [0x2080, 0x2089],
  [0x2460, 0x2468],
  [0x2474, 0x247c],
  [0x2488, 0x2490],
  [0x24ea, 0x24ea],
  [0x24f5, 0x24fd],
  [0x24ff, 0x24ff],
  [0x2776, 0x277e],
  [0x2780, 0x2788],
  [0x278a, 0x2792],
  [0x10a40, 0x10a43],
  [0x10e60, 0x10e68],
  [0x11052, 0x1105a],
  [0x1f100, 0x1f10a],
];

/** Ideographs that stand for a number. */
const NUMBER_LETTERS = new Set(
  [
    '㐅㒃㠪㭍一七万三九二五亖亿什仟仨伍佰億兆兩八六十千卄卅卌叁参參叄四壱壹幺廾廿弌弍弎弐拾捌柒漆玖百肆萬貮貳贰阡陆陌陸零\uf96b\uf973\uf978\uf9b2\uf9d1\uf9d3',
    '\uf9fd\u{20001}\u{20064}\u{200e2}\u{20121}\u{2092a}\u{20983}\u{2098c}\u{2099c}\u{20aea}',
    '\u{20afd}\u{20b19}\u{22390}\u{22998}\u{23b1b}\u{2626d}\u{2f890}',
  ].flatMap((line) => Array.from(line)),
);

const inRanges = (ranges: Ranges, code: number): boolean => ranges.some(([low, high]) => code >= low && code <= high);
const code = (char: string): number => char.codePointAt(0) as number;

const DECIMAL = /^\p{Nd}$/u;
const NUMBER = /^\p{N}$/u;
const ALPHA = /^\p{L}$/u;
const LOWER = /^\p{Lowercase}$/u;
const UPPER = /^\p{Uppercase}$/u;
const TITLE = /^\p{Lt}$/u;
const IDENTIFIER = /^[\p{XIDS}_]\p{XIDC}*$/u;

export const isDecimal = (char: string): boolean => DECIMAL.test(char);
export const isDigit = (char: string): boolean => isDecimal(char) || inRanges(OTHER_DIGITS, code(char));
export const isNumeric = (char: string): boolean => NUMBER.test(char) || NUMBER_LETTERS.has(char);
export const isAlpha = (char: string): boolean => ALPHA.test(char);
export const isAlnum = (char: string): boolean => isAlpha(char) || isDigit(char) || isNumeric(char);
export const isLower = (char: string): boolean => LOWER.test(char);
export const isUpper = (char: string): boolean => UPPER.test(char);
export const isTitle = (char: string): boolean => TITLE.test(char);
export const isSpaceChar = (char: string): boolean => isSpace(code(char));
export const isIdentifier = (text: string): boolean => IDENTIFIER.test(text);
export { isPrintable };

/** The value of a decimal digit of any script, -1 for another character. */
export function decimalValue(char: string): number {
  if (!isDecimal(char)) return -1;
  let zero = code(char);
  // Decimal digits come in runs of ten; every run begins with its zero.
  while (zero > 0 && isDecimal(String.fromCodePoint(zero - 1)) && code(char) - zero < 9) zero -= 1;
  return zero >= 0x1d7ce && zero <= 0x1d7ff ? (code(char) - 0x1d7ce) % 10 : code(char) - zero;
}

const between = (value: number, low: number, high: number): boolean => value >= low && value <= high;

/** Full case folding of one character. */
export function foldChar(char: string): string {
  const at = code(char);
  if (at < 128) return char.toLowerCase();
  if (at === 0x131 || between(at, 0x13a0, 0x13f5)) return char;
  if (between(at, 0x13f8, 0x13fd) || between(at, 0xab70, 0xabbf)) return char.toUpperCase();
  return char.toLowerCase().toUpperCase().toLowerCase();
}

/** Title case of one character: upper case, but of a pair of letters only the first. */
export function titleChar(char: string): string {
  const at = code(char);
  if (at < 128) return char.toUpperCase();
  if (between(at, 0x1c4, 0x1cc)) return String.fromCharCode(0x1c5 + 3 * Math.floor((at - 0x1c4) / 3));
  if (between(at, 0x1f1, 0x1f3)) return 'ǲ';
  if (between(at, 0x10d0, 0x10ff)) return char;
  if (between(at, 0x1f80, 0x1faf)) return String.fromCharCode(at | 8);
  return WITH_IOTA.get(at) ?? expanded(char.toUpperCase());
}

const WITH_IOTA: ReadonlyMap<number, string> = new Map([
  [0x1fb3, '\u1fbc'],
  [0x1fbc, '\u1fbc'],
  [0x1fc3, '\u1fcc'],
  [0x1fcc, '\u1fcc'],
  [0x1ff3, '\u1ffc'],
  [0x1ffc, '\u1ffc'],
]);

function expanded(upper: string): string {
  const [first, ...rest] = Array.from(upper) as [string, ...string[]];
  if (rest.length === 0 || first === 'ʼ') return upper;
  return first + rest.join('').toLowerCase().replace('ι', '\u0345');
}
