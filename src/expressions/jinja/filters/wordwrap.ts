import type { Budget } from '../../budget';
import { valueError } from '../../errors';

export interface Wrapping {
  width: number;
  breakLong: boolean;
  onHyphens: boolean;
}

const SPACES = /([\t\n\v\f\r ]+)/;

/** Python's `textwrap.wrap(text, width, expand_tabs=False, replace_whitespace=False)`: lines no wider than asked. */
export function wrapped(text: string, how: Wrapping, budget: Budget): string[] {
  if (how.width <= 0) throw valueError(`invalid width ${how.width} (must be > 0)`);
  const chunks = chunksOf(text, how.onHyphens).reverse();
  const lines: string[] = [];
  while (chunks.length > 0) {
    budget.step();
    const line: string[] = [];
    let used = 0;
    if (isBlank(chunks.at(-1)) && lines.length > 0) chunks.pop();
    while (chunks.length > 0 && used + size(chunks.at(-1)) <= how.width) {
      const chunk = chunks.pop() as string;
      used += size(chunk);
      line.push(chunk);
    }
    if (chunks.length > 0 && size(chunks.at(-1)) > how.width)
      breakWord(chunks, line, { ...how, width: how.width - used });
    if (isBlank(line.at(-1))) line.pop();
    if (line.length > 0) lines.push(line.join(''));
  }
  return lines;
}

const size = (chunk: string | undefined): number => Array.from(chunk ?? '').length;
const isBlank = (chunk: string | undefined): boolean => chunk !== undefined && chunk.trim() === '';

function breakWord(chunks: string[], line: string[], { width, breakLong, onHyphens }: Wrapping): void {
  const word = chunks.at(-1) as string;
  if (!breakLong) {
    if (line.length === 0) line.push(chunks.pop() as string);
    return;
  }
  const room = width;
  const chars = Array.from(word);
  let end = room;
  if (onHyphens && chars.length > room) {
    const hyphen = chars.slice(0, room).lastIndexOf('-');
    if (hyphen > 0 && chars.slice(0, hyphen).some((char) => char !== '-')) end = hyphen + 1;
  }
  line.push(chars.slice(0, end).join(''));
  chunks[chunks.length - 1] = chars.slice(end).join('');
  if (chunks.at(-1) === '') chunks.pop();
}

const HYPHENATED = /(\p{L}[\p{L}\p{N}_'"?!.,]*-(?=\p{L}[\p{L}\p{N}_]*(?:-|\p{L}))|-{2,}(?=\w))/u;

/** Words, spaces, and the parts of hyphenated words (their hyphen at the end). */
function chunksOf(text: string, onHyphens: boolean): string[] {
  const words = text.split(SPACES);
  const parts = onHyphens ? words.flatMap(hyphenParts) : words;
  return parts.filter((part) => part !== '');
}

function hyphenParts(word: string): string[] {
  const parts: string[] = [];
  let rest = word;
  for (let match = HYPHENATED.exec(rest); match; match = HYPHENATED.exec(rest)) {
    const end = match[0].startsWith('-') ? match.index : match.index + match[0].length;
    if (match[0].startsWith('-')) {
      if (end > 0) parts.push(rest.slice(0, end));
      parts.push(match[0]);
      rest = rest.slice(end + match[0].length);
    } else {
      parts.push(rest.slice(0, end));
      rest = rest.slice(end);
    }
  }
  return [...parts, rest];
}
