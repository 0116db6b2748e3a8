import { textLength } from './iterate';

/** The part of a text between two positions as Python's slices take them, and what `find` needs to count in code points. */
export interface Window {
  text: string;
  /** Position of the part's first character; null when the part lies beyond the text (where not even '' is found). */
  offset: number | null;
}

export function windowOf(text: string, start: number | null, end: number | null): Window {
  if ((start === null || start === 0) && end === null) return { text, offset: 0 };
  const size = textLength(text);
  const from = bounded(start ?? 0, size);
  const to = Math.min(bounded(end ?? size, size), size);
  if (from > size || from > to) return { text: '', offset: null };
  if (size === text.length) return { text: text.slice(from, to), offset: from };
  return { text: Array.from(text).slice(from, to).join(''), offset: from };
}

const bounded = (index: number, size: number): number => (index < 0 ? Math.max(0, index + size) : index);

/** Position of a part in code points; -1 when it isn't there. */
export function find(window: Window, part: string, fromRight: boolean): number {
  if (window.offset === null) return -1;
  const at = fromRight ? window.text.lastIndexOf(part) : window.text.indexOf(part);
  return at < 0 ? -1 : window.offset + textLength(window.text.slice(0, at));
}

/** How often a part stands there without overlap. */
export function countPart(window: Window, part: string): number {
  if (window.offset === null) return 0;
  if (part === '') return textLength(window.text) + 1;
  return window.text.split(part).length - 1;
}

/** `str.replace`; `limit` below zero is none. */
export function replaced(text: string, change: { from: string; to: string; limit: number }): string {
  const { from, to, limit } = change;
  const parts = from === '' ? ['', ...Array.from(text), ''] : text.split(from);
  if (limit < 0 || parts.length - 1 <= limit) return parts.join(to);
  return parts.slice(0, limit + 1).join(to) + from + parts.slice(limit + 1).join(from);
}
