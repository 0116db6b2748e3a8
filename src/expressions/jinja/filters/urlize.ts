import { escapeHtml } from '../markup';

export interface Linking {
  /** Characters of a link's text; more is cut off. */
  limit: number | null;
  target: string | null;
  rel: string;
  /** Further beginnings of links. */
  schemes: readonly string[];
}

const URL_PATTERN = new RegExp(
  '^(?:' +
    '(?:https?://|www\\.)(?:(?:[\\w%-]+\\.)+)?(?:[a-z]{2,63}|xn--[\\w%]{2,59})' +
    '|(?:[\\w%-]{2,63}\\.)+(?:com|net|int|edu|gov|org|info|mil)' +
    '|https?://(?:\\d{1,3}(?:\\.\\d{1,3}){3}|\\[(?:[\\da-f]{0,4}:){2}(?:[\\da-f]{0,4}:?){1,6}\\])' +
    ')(?::\\d{1,5})?(?:[/?#]\\S*)?$',
  'i',
);
const MAIL = /^\S+@\w[\w.-]*\.\w+$/;
const HEAD = /^(?:[(<]|&lt;)+/;
const TAIL = /(?:[)>.,\n]|&gt;)+$/;
const PAIRS = [
  ['(', ')'],
  ['<', '>'],
  ['&lt;', '&gt;'],
] as const;
/** No address is longer. */
const MAX_WORD = 10_000;

/** Text, escaped already, with its web and mail addresses as links. Source: Jinja's `urlize`. */
export function linked(text: string, how: Linking): string {
  return text
    .split(/(\s+)/u)
    .map((word) => (word.length > MAX_WORD ? word : linkWord(word, how)))
    .join('');
}

function linkWord(word: string, how: Linking): string {
  const head = HEAD.exec(word)?.[0] ?? '';
  const inside = word.slice(head.length);
  const loose = TAIL.exec(inside)?.[0] ?? '';
  const { middle, tail } = balanced(inside.slice(0, inside.length - loose.length), loose);
  return head + linkTo(middle, how) + tail;
}

const count = (text: string, part: string): number => text.split(part).length - 1;

/** Closing brackets that belong to the address come back to it. */
function balanced(address: string, after: string): { middle: string; tail: string } {
  let [middle, tail] = [address, after];
  for (const [open, close] of PAIRS) {
    const opened = count(middle, open);
    if (opened <= count(middle, close)) continue;
    for (let left = Math.min(opened, count(tail, close)); left > 0; left -= 1) {
      const end = tail.indexOf(close) + close.length;
      middle += tail.slice(0, end);
      tail = tail.slice(end);
    }
  }
  return { middle, tail };
}

function linkTo(address: string, { limit, target, rel, schemes }: Linking): string {
  const attributes = `${rel ? ` rel="${escapeHtml(rel)}"` : ''}${target ? ` target="${escapeHtml(target)}"` : ''}`;
  if (URL_PATTERN.test(address)) {
    const href = /^https?:\/\//.test(address) ? address : `https://${address}`;
    const chars = Array.from(address);
    const shown = limit !== null && chars.length > limit ? `${chars.slice(0, limit).join('')}...` : address;
    return `<a href="${href}"${attributes}>${shown}</a>`;
  }
  if (address.startsWith('mailto:') && MAIL.test(address.slice(7)))
    return `<a href="${address}">${address.slice(7)}</a>`;
  if (/^(?!www\.|@)[^:]*@[^:]*$/.test(address) && MAIL.test(address))
    return `<a href="mailto:${address}">${address}</a>`;
  const known = schemes.some((scheme) => address !== scheme && address.startsWith(scheme));
  return known ? `<a href="${address}"${attributes}>${address}</a>` : address;
}
