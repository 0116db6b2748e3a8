import { foldChar, isLower, isTitle, isUpper, titleChar } from './chars';

/** `str.title`: what follows a character without case begins a word. */
export function title(text: string): string {
  const lower = lowered(text);
  let inWord = false;
  return Array.from(text, (char, index) => {
    const out = inWord ? (lower[index] as string) : titleChar(char);
    inWord = hasCase(char);
    return out;
  }).join('');
}

export function capitalize(text: string): string {
  const lower = lowered(text);
  return Array.from(text, (char, index) => (index === 0 ? titleChar(char) : (lower[index] as string))).join('');
}

export function swapcase(text: string): string {
  const lower = lowered(text);
  return Array.from(text, (char, index) => {
    if (isUpper(char)) return lower[index] as string;
    return isLower(char) ? char.toUpperCase() : char;
  }).join('');
}

export function casefold(text: string): string {
  return Array.from(text, foldChar).join('');
}

const hasCase = (char: string): boolean => isLower(char) || isUpper(char) || isTitle(char);

/** The lower case of each character, the last sigma of a word as Greek has it. */
function lowered(text: string): string[] {
  const chars = Array.from(text);
  const whole = text.toLowerCase();
  const parts: string[] = [];
  let at = 0;
  for (const char of chars) {
    const { length } = char.toLowerCase();
    parts.push(whole.slice(at, at + length));
    at += length;
  }
  return parts;
}

/** `str.islower`, `str.isupper`: some character has this case and none the other. */
export function allOfCase(text: string, which: 'lower' | 'upper'): boolean {
  const [wanted, other] = which === 'lower' ? [isLower, isUpper] : [isUpper, isLower];
  let found = false;
  for (const char of text) {
    if (other(char) || isTitle(char)) return false;
    found ||= wanted(char);
  }
  return found;
}

export function isTitled(text: string): boolean {
  let [inWord, found] = [false, false];
  for (const char of text) {
    const [upper, lower] = [isUpper(char) || isTitle(char), isLower(char)];
    if (upper ? inWord : lower && !inWord) return false;
    inWord = upper || lower;
    found ||= inWord;
  }
  return found;
}
