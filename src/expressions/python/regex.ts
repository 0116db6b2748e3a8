import { beyondBound, failed } from '../errors';

/** Bounds that stand in for a linear-time engine until one is in place: JavaScript's may take exponential time on a hostile pattern. */
export const MAX_PATTERN = 1_000;
export const MAX_SUBJECT = 10_000;
const CACHE_SIZE = 500;
const cache = new Map<string, RegExp>();

/**
 * Compiles Python `re` syntax (named groups, \A, \Z, leading inline flags, `$` before a final newline) to a JavaScript expression.
 * Flags are JavaScript's: i, s, m, g. Throws EXPRESSION_FAILED on bad syntax, EXPRESSION_BOUND on an over-long pattern.
 */
export function pythonRegex(pattern: string, flags = ''): RegExp {
  if (pattern.length > MAX_PATTERN) throw beyondBound(`regular expression is longer than ${MAX_PATTERN} characters`);
  const key = `${flags}/${pattern}`;
  let compiled = cache.get(key);
  if (!compiled) {
    compiled = compile(pattern, flags);
    if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value as string);
    cache.set(key, compiled);
  }
  compiled.lastIndex = 0;
  return compiled;
}

/** Guards a subject's length. */
export function boundedSubject(text: string): string {
  if (text.length > MAX_SUBJECT)
    throw beyondBound(`text is longer than the ${MAX_SUBJECT} characters a regular expression may search`);
  return text;
}

/** `re.search`, or `re.match` when anchored at the start. */
export function searches(pattern: string, subject: string, flags = '', anchored = false): boolean {
  const regex = pythonRegex(pattern, anchored ? `${flags}y` : flags);
  return regex.test(boundedSubject(subject));
}

function compile(pattern: string, flags: string): RegExp {
  const inline = /^\(\?([aimsux]+)\)/.exec(pattern);
  const all = new Set(flags);
  for (const flag of inline?.[1] ?? '') if ('ims'.includes(flag)) all.add(flag);
  const body = inline ? pattern.slice(inline[0].length) : pattern;
  try {
    return new RegExp(translate(body, all.has('m')), [...all].join(''));
  } catch (error) {
    throw failed(`invalid regular expression: ${error instanceof SyntaxError ? 'bad syntax' : 'unsupported'}`);
  }
}

const END = '(?=\\n?(?![\\s\\S]))';
/** One token of a pattern outside (first) or inside (second) a character class. */
const OUTSIDE = /\\[\s\S]|\(\?P<|\(\?P=(\w+)\)|\[\^?\]?|\$|[\s\S]/g;

function translate(pattern: string, multiline: boolean): string {
  let inClass = false;
  // eslint-disable-next-line complexity -- one rule per token
  return pattern.replace(OUTSIDE, (token, reference: string | undefined) => {
    if (inClass) {
      if (token.endsWith(']') && token !== '\\]') inClass = false;
      return token.startsWith('[') ? token.replace(/^\[/, '\\[') : token;
    }
    if (token.startsWith('[')) {
      inClass = true;
      return token.endsWith(']') ? `${token.slice(0, -1)}\\]` : token;
    }
    if (token === '(?P<') return '(?<';
    if (reference !== undefined) return `\\k<${reference}>`;
    if (token === '\\A') return '(?<![\\s\\S])';
    if (token === '\\Z') return '(?![\\s\\S])';
    return token === '$' && !multiline ? END : token;
  });
}
