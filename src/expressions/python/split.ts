import { valueError } from '../errors';
import { isSpaceChar } from './chars';

/** `str.split` (or `rsplit` when `fromRight`) at a separator, or at runs of whitespace when it is null; `limit` below zero is none. */
export function split(text: string, separator: string | null, { limit = -1, fromRight = false } = {}): string[] {
  if (separator === '') throw valueError('empty separator');
  const most = limit < 0 ? Infinity : limit;
  if (separator === null) return fromRight ? splitSpaceRight(text, most) : splitSpace(text, most);
  return fromRight ? splitRight(text, separator, most) : splitLeft(text, separator, most);
}

function splitLeft(text: string, separator: string, most: number): string[] {
  if (most === Infinity) return text.split(separator);
  const parts: string[] = [];
  let from = 0;
  while (parts.length < most) {
    const at = text.indexOf(separator, from);
    if (at < 0) break;
    parts.push(text.slice(from, at));
    from = at + separator.length;
  }
  return [...parts, text.slice(from)];
}

function splitRight(text: string, separator: string, most: number): string[] {
  const parts: string[] = [];
  let end = text.length;
  while (parts.length < most) {
    const at = end < separator.length ? -1 : text.lastIndexOf(separator, end - separator.length);
    if (at < 0) break;
    parts.push(text.slice(at + separator.length, end));
    end = at;
  }
  return [...parts, text.slice(0, end)].reverse();
}

function splitSpace(text: string, most: number): string[] {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && isSpaceChar(text[at] as string)) at += 1;
    if (at >= text.length) return parts;
    if (parts.length >= most) return [...parts, text.slice(at)];
    const start = at;
    while (at < text.length && !isSpaceChar(text[at] as string)) at += 1;
    parts.push(text.slice(start, at));
  }
}

function splitSpaceRight(text: string, most: number): string[] {
  const parts: string[] = [];
  let at = text.length;
  for (;;) {
    while (at > 0 && isSpaceChar(text[at - 1] as string)) at -= 1;
    if (at <= 0) return parts.reverse();
    if (parts.length >= most) return [text.slice(0, at), ...parts.reverse()];
    const end = at;
    while (at > 0 && !isSpaceChar(text[at - 1] as string)) at -= 1;
    parts.push(text.slice(at, end));
  }
}

const WIDE = /[\ud800-\udfff]/;

/** `str.strip` and its one-sided forms: of whitespace, or of the characters given. */
export function trimmed(
  text: string,
  { chars = null, left = true, right = true }: { chars?: string | null; left?: boolean; right?: boolean } = {},
): string {
  const set = chars === null ? null : new Set(chars);
  const goes = (char = ''): boolean => (set ? set.has(char) : isSpaceChar(char));
  const items = WIDE.test(text) ? Array.from(text) : text;
  const start = left ? leading(items, goes) : 0;
  const kept = items.slice(start, right ? Math.max(start, trailing(items, goes)) : items.length);
  return typeof kept === 'string' ? kept : kept.join('');
}

function leading(items: string | readonly string[], goes: (char?: string) => boolean): number {
  let start = 0;
  while (start < items.length && goes(items[start])) start += 1;
  return start;
}

function trailing(items: string | readonly string[], goes: (char?: string) => boolean): number {
  let end = items.length;
  while (end > 0 && goes(items[end - 1])) end -= 1;
  return end;
}

const LINE_ENDS = new Set('\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029');

export function splitlines(text: string, keepEnds: boolean): string[] {
  const lines: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (!LINE_ENDS.has(text[at] as string)) continue;
    const next = text[at] === '\r' && text[at + 1] === '\n' ? at + 2 : at + 1;
    lines.push(text.slice(from, keepEnds ? next : at));
    from = next;
    at = next - 1;
  }
  return from < text.length ? [...lines, text.slice(from)] : lines;
}
