import { isAlpha, isDigit, isSpaceChar } from '../chars';

type State = 'start' | 'word' | 'number' | 'dotted-word' | 'dotted-number';
const KINDS = { word: 'word', number: 'number' } as const;

function kindOf(char: string): 'word' | 'number' | 'other' {
  if (isAlpha(char)) return KINDS.word;
  return isDigit(char) ? KINDS.number : 'other';
}

/** The state after a character, null where the token ends before it. */
// eslint-disable-next-line complexity -- one table of states
function nextState(state: State, char: string, token: string): State | null {
  const kind = kindOf(char);
  switch (state) {
    case 'word':
      return kind === 'word' ? 'word' : char === '.' ? 'dotted-word' : null;
    case 'number':
      if (kind === 'number') return 'number';
      return char === '.' || (char === ',' && token.length >= 2) ? 'dotted-number' : null;
    case 'dotted-word':
      if (char === '.' || kind === 'word') return 'dotted-word';
      return kind === 'number' && token.endsWith('.') ? 'dotted-number' : null;
    case 'dotted-number':
      if (char === '.' || kind === 'number') return 'dotted-number';
      return kind === 'word' && token.endsWith('.') ? 'dotted-word' : null;
    default:
      return null;
  }
}

/** Cuts a date's text where the kind of character changes; a point stays within a number. Source: dateutil's `_timelex`. */
export function dateTokens(text: string): string[] {
  const tokens: string[] = [];
  const chars = Array.from(text.replaceAll('\0', ''));
  for (let at = 0; at < chars.length;) {
    const first = chars[at] as string;
    at += 1;
    const kind = kindOf(first);
    if (kind === 'other') {
      tokens.push(isSpaceChar(first) ? ' ' : first);
      continue;
    }
    let [token, state]: [string, State] = [first, kind];
    let hasLetters = false;
    for (; at < chars.length; at += 1) {
      hasLetters ||= state === 'word' || state === 'dotted-word';
      const next = nextState(state, chars[at] as string, token);
      if (next === null) break;
      token += chars[at] as string;
      state = next;
    }
    tokens.push(...split(token, state, hasLetters));
  }
  return tokens;
}

function split(token: string, state: State, hasLetters: boolean): string[] {
  const dots = token.split('.').length - 1;
  if ((state === 'dotted-word' || state === 'dotted-number') && (hasLetters || dots > 1 || /[.,]$/.test(token)))
    return token.split(/([.,])/).filter((part) => part !== '');
  return [state === 'dotted-number' && dots === 0 ? token.replace(',', '.') : token];
}
