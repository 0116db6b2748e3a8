import { failed, typeError, valueError } from '../../errors';
import { truth } from '../../python/compare';
import { dumps } from '../../python/json';
import { isIterable, iterate } from '../../python/iterate';
import { whole } from '../../python/methods/signature';
import { repr, str } from '../../python/text';
import { dictEntries, isDict, plain, PyTuple, typeName } from '../../python/values';
import { Undefined } from '../../python/lookups';
import type { Value } from '../../python/values';
import type { Filter } from '../environment';
import { unescapedHtml } from './entities';
import { escaped, escapeHtml, Markup } from '../markup';
import type { Run } from '../run';
import { counted, filter } from './declare';
import { linked } from './urlize';

/** Text without tags and comments, spaces as one, character references resolved. Source: MarkupSafe. */
function striptags(text: string): string {
  let left = text;
  for (let start = left.indexOf('<!--'); start >= 0; start = left.indexOf('<!--')) {
    const end = left.indexOf('-->', start);
    if (end < 0) break;
    left = left.slice(0, start) + left.slice(end + 3);
  }
  for (let start = left.indexOf('<'); start >= 0; start = left.indexOf('<')) {
    const end = left.indexOf('>', start);
    if (end < 0) break;
    left = left.slice(0, start) + left.slice(end + 1);
  }
  return unescapedHtml(left.trim().replace(/\s+/gu, ' '));
}

/** Text as a URL has it; `/` stays but in a query. */
function quoted(value: Value, inQuery: boolean): string {
  const text = encodeURIComponent(str(value).replace(/\p{Surrogate}/gu, '\ufffd')).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return inQuery ? text.replaceAll('%20', '+') : text.replaceAll('%2F', '/');
}

function urlencode(value: Value): string {
  if (isDict(value)) return query(dictEntries(value).map((entry) => new PyTuple(entry)));
  return typeof value !== 'string' && isIterable(value) ? query(iterate(value)) : quoted(value, false);
}

function query(pairs: readonly Value[]): string {
  const parts = pairs.map((pair) => {
    const [key, value, more] = iterate(pair);
    if (key === undefined || value === undefined || more !== undefined)
      throw valueError('urlencode takes pairs of key and value');
    return `${quoted(key, true)}=${quoted(value, true)}`;
  });
  return parts.join('&');
}

function xmlattr(value: Value, space: boolean): string {
  if (!isDict(value)) throw failed(`'${typeName(value)}' object has no attribute 'items'`, 'AttributeError');
  const parts = dictEntries(value)
    .filter(([, each]) => each !== null && !(each instanceof Undefined))
    .map(([key, each]) => {
      const name = plain(key);
      if (typeof name !== 'string') throw typeError(`expected string or bytes-like object, got '${typeName(name)}'`);
      if (/[\s/>=]/.test(name)) throw valueError(`Invalid character in attribute name: ${repr(name)}`);
      return `${escapeHtml(name)}="${escaped(each).text}"`;
    });
  return (space && parts.length > 0 ? ' ' : '') + parts.join(' ');
}

const UNSAFE: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026', "'": '\\u0027' };

function tojson(value: Value, indent: Value, run: Run): Markup {
  const text = dumps(value, {
    sortKeys: true,
    budget: run.budget,
    ...(indent === null ? {} : { indent: typeof indent === 'string' ? indent : whole(indent, 0) }),
  });
  return new Markup(counted(text, run).replace(/[<>&']/g, (char) => UNSAFE[char] as string));
}

const escape = (name: string): [string, Filter] =>
  filter(`${name}(s!)`, ([value = null], run) => {
    const made = escaped(value);
    counted(made.text, run);
    return made;
  });

/** Text within `autoescape` is marked. */
const marked = (text: string, run: Run): Value =>
  run.autoescape ? new Markup(counted(text, run)) : counted(text, run);

/** Filters for HTML and URLs. */
export const HTML_FILTERS: readonly [string, Filter][] = [
  escape('e'),
  escape('escape'),
  filter('forceescape(value)', ([value = null], run) => new Markup(counted(escapeHtml(str(value)), run))),
  filter('safe(value)', ([value = null]) => new Markup(str(value))),
  filter('striptags(value)', ([value = null]) => striptags(str(value))),
  filter('urlencode(value)', ([value = null], run) => counted(urlencode(value), run)),
  filter('xmlattr(d, autospace?)', ([value = null, space = true], run) => marked(xmlattr(value, truth(space)), run)),
  filter('tojson(value, indent?)', ([value = null, indent = null], run) => tojson(value, indent, run)),
  filter(
    'urlize(value!, trim_url_limit?, nofollow?, target?, rel?, extra_schemes?)',
    ([value = null, limit = null, nofollow = false, target = null, rel = null, schemes = null], run) => {
      const rels = new Set([...(rel === null ? [] : str(rel).split(/\s+/)), 'noopener']);
      if (truth(nofollow)) rels.add('nofollow');
      const text = linked(escaped(value).text, {
        limit: limit === null ? null : whole(limit, 0),
        target: target === null ? null : str(target),
        rel: [...rels]
          .filter((each) => each !== '')
          .sort()
          .join(' '),
        schemes: schemes === null ? [] : iterate(schemes).map((each) => scheme(str(each))),
      });
      return marked(text, run);
    },
  ),
];

function scheme(text: string): string {
  if (/^[\w.+-]{2,}:\/{0,2}$/u.test(text)) return text;
  throw failed(`${repr(text)} is not a valid URI scheme prefix.`, 'FilterArgumentError');
}
