/** StackStorm's timestamp: UTC with microseconds and Z. JavaScript's clock has milliseconds, so the last three digits are zero. */
export function formatTimestamp(at: Date | number): string {
  return new Date(at).toISOString().replace(/(\.\d{3})Z$/, '$1000Z');
}

const TIMESTAMP = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(\.\d{1,6})?(?:Z|\+00|\+0000|\+00:00)?$/;

/** Milliseconds since the epoch of a StackStorm timestamp (suffix Z, +00, +0000, +00:00 or none); null when it is not one. */
export function parseTimestamp(text: string): number | null {
  const match = TIMESTAMP.exec(text);
  if (!match) return null;
  const ms = Date.parse(`${match[1]}T${match[2]}${(match[3] ?? '.0').slice(0, 4).padEnd(4, '0')}Z`);
  return Number.isNaN(ms) ? null : ms;
}

const ISO_8601 = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/** Milliseconds since the epoch of an ISO 8601 time as people write it: a date, or date and time; UTC unless it says otherwise. Null when it is none. */
export function parseTime(text: string): number | null {
  const match = ISO_8601.exec(text.trim());
  if (!match) return null;
  const [, date = '', time = '00:00', zone = 'Z'] = match;
  const offset = /^z$/i.test(zone) ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`;
  const ms = Date.parse(`${date}T${time.replace(/(\.\d{3})\d+$/, '$1')}${offset}`);
  return Number.isNaN(ms) ? null : ms;
}
