/** A class of characters: `\d`, `\w`, `\s` or, in capitals, everything else. */
export type Category = 'd' | 'D' | 'w' | 'W' | 's' | 'S';

const DIGIT = /^\p{Nd}$/u;
const WORD = /^[\p{L}\p{N}_]$/u;

const isSpace = (code: number): boolean =>
  (code >= 9 && code <= 13) || (code >= 28 && code <= 32) || code === 0x85 || code === 0xa0 || isWideSpace(code);

const isWideSpace = (code: number): boolean =>
  code === 0x1680 || (code >= 0x2000 && code <= 0x200a) || [0x2028, 0x2029, 0x202f, 0x205f, 0x3000].includes(code);

const isAsciiWord = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;

/** True for whitespace as Python's `str.isspace` has it. */
export { isSpace };

/** `\w` for one character. */
export function isWord(code: number, ascii: boolean): boolean {
  if (code < 128 || ascii) return isAsciiWord(code);
  return WORD.test(String.fromCodePoint(code));
}

function isDigit(code: number, ascii: boolean): boolean {
  if (code < 128 || ascii) return code >= 48 && code <= 57;
  return DIGIT.test(String.fromCodePoint(code));
}

/** Whether a character is of a category. */
export function inCategory(category: Category, code: number, ascii: boolean): boolean {
  switch (category) {
    case 'd':
    case 'D':
      return isDigit(code, ascii) === (category === 'd');
    case 'w':
    case 'W':
      return isWord(code, ascii) === (category === 'w');
    case 's':
    case 'S':
      return (isSpace(code) && (!ascii || (code >= 9 && code <= 13) || code === 32)) === (category === 's');
  }
}
