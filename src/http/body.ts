import type { Request } from 'express';
import { EverstormError, messageOf } from '../model/errors';

const unparsable = (why: string): EverstormError =>
  new EverstormError('MALFORMED_BODY', `Failed to parse request body: ${why}`);

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unparsable('the text is not valid UTF-8');
  }
}

/** V8's message quotes the body; only its first words and the position are told. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const position = /at position \d+/.exec(messageOf(error))?.[0];
    throw unparsable(position ? `invalid JSON ${position}` : 'invalid JSON');
  }
}

function parseForm(text: string): Record<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(text)) fields.set(name, [...(fields.get(name) ?? []), value]);
  return Object.fromEntries(fields);
}

/**
 * The body by its media type: JSON (also when none is named), form fields as lists, any other text as text; `{}` when empty.
 * Throws MALFORMED_BODY, UNSUPPORTED_MEDIA_TYPE.
 */
export function parseBody(request: Request): unknown {
  const raw: unknown = request.body;
  if (!Buffer.isBuffer(raw) || raw.length === 0) return {};
  const type = (request.headers['content-type'] ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/json' || type.endsWith('+json')) return parseJson(decode(raw));
  if (type === 'application/x-www-form-urlencoded') return parseForm(decode(raw));
  if (type.startsWith('text/')) return decode(raw);
  throw new EverstormError('UNSUPPORTED_MEDIA_TYPE', `Bodies of type "${type}" are not supported; send JSON.`);
}
