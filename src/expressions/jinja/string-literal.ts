import { failed } from '../errors';

const ESCAPE = /\\(?:\n|([0-7]{1,3})|x([0-9a-fA-F]{0,2})|u([0-9a-fA-F]{0,4})|U([0-9a-fA-F]{0,8})|([\s\S]))/g;
const SIMPLE: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The text of a Python literal without its quotes. Throws EXPRESSION_FAILED for a code that is cut short. */
export function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(ESCAPE, (whole: string, ...groups: (string | undefined)[]) => {
    const [octal, two, four, eight, char] = groups;
    if (octal !== undefined) return String.fromCodePoint(parseInt(octal, 8));
    if (char !== undefined) return Object.hasOwn(SIMPLE, char) ? (SIMPLE[char] as string) : whole;
    const [hex, length] = two !== undefined ? [two, 2] : four !== undefined ? [four, 4] : [eight, 8];
    if (hex === undefined) return '';
    const code = parseInt(hex, 16);
    if (hex.length < length || code > 0x10ffff) throw failed(`truncated ${whole.slice(0, 2)} escape`);
    return String.fromCodePoint(code);
  });
}
