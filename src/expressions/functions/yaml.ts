import { parse } from 'yaml';
import type { JsonValue } from '../../model/json';
import type { Budget } from '../budget';
import { failed } from '../errors';
import { repr, str } from '../python/text';
import { dictEntries, isDict, isFloat, isNumber, PyTuple } from '../python/values';
import type { Value } from '../python/values';

/** `yaml.safe_load` by YAML 1.1. Throws YAMLError. */
export function loadYaml(text: Value): Value {
  try {
    return (parse(str(text), { version: '1.1', maxAliasCount: 0 }) as JsonValue | undefined) ?? null;
  } catch (error) {
    throw failed(error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'not YAML', 'YAMLError');
  }
}

interface Layout {
  indent: number;
  budget: Budget;
}

/** `yaml.safe_dump(value, default_flow_style=False)`: blocks, keys sorted. */
export function dumpYaml(value: Value, { indent, budget }: Layout): string {
  const text = isScalar(value)
    ? `${scalar(value)}\n${isPlainText(value) ? '...\n' : ''}`
    : block(value, 0, { indent, budget });
  budget.output(text.length);
  return text;
}

const itemsOf = (value: Value): readonly Value[] | null =>
  Array.isArray(value) ? value : value instanceof PyTuple ? value.items : null;
const isEmpty = (value: Value): boolean =>
  isDict(value) ? dictEntries(value).length === 0 : itemsOf(value)?.length === 0;
const isScalar = (value: Value): boolean => isEmpty(value) || (!isDict(value) && itemsOf(value) === null);
const isPlainText = (value: Value): boolean => !isEmpty(value) && !/^['"]/.test(scalar(value));

function block(value: Value, margin: number, layout: Layout): string {
  return layout.budget.nested(() => {
    const pad = ' '.repeat(margin);
    const items = itemsOf(value);
    if (items) return items.map((item) => `${pad}- ${afterDash(item, margin, layout)}`).join('');
    const entries = [...dictEntries(value as never)].sort(([a], [b]) => (str(a) < str(b) ? -1 : 1));
    return entries.map(([key, item]) => `${pad}${scalar(key)}:${afterKey(item, margin, layout)}`).join('');
  });
}

/** What stands in a list's item begins on the same line. */
const afterDash = (item: Value, margin: number, layout: Layout): string =>
  isScalar(item) ? `${scalar(item)}\n` : block(item, margin + 2, layout).slice(margin + 2);

function afterKey(item: Value, margin: number, layout: Layout): string {
  if (isScalar(item)) return ` ${scalar(item)}\n`;
  return `\n${block(item, itemsOf(item) ? margin : margin + layout.indent, layout)}`;
}

const WORDS =
  /^(?:~|null|Null|NULL|true|True|TRUE|false|False|FALSE|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|y|Y|n|N|=|<<)$/;
const NUMBER =
  /^[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0o?[0-7_]+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?|\.[0-9_]+|\.inf|\.nan|[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?)$/i;
const DATE = /^\d{4}-\d\d?-\d\d?/;
const UNSAFE = /^[-?:,[\]{}#&*!|>'"%@`]|^\s|\s$|: | #|:$|^(?:---|\.\.\.)/;
const SAFE_START = /^[-?:](?=[^\s,[\]{}])/;

const SPECIAL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]|[^\x00-\xff]/;

function scalar(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (isDict(value)) return '{}';
  if (itemsOf(value)) return '[]';
  if (isNumber(value)) return isFloat(value) ? repr(value).replace(/^(-?)(inf|nan)$/, '$1.$2') : str(value);
  return textScalar(str(value));
}

function textScalar(text: string): string {
  if (SPECIAL.test(text)) return doubleQuoted(text);
  if (text === '') return "''";
  if (text.includes('\n')) return `'${text.replaceAll("'", "''").replaceAll('\n', '\n\n  ')}'`;
  const needsQuotes =
    WORDS.test(text) ||
    NUMBER.test(text) ||
    DATE.test(text) ||
    (UNSAFE.test(text) && !(SAFE_START.test(text) && !/: | #|:$/.test(text)));
  return needsQuotes ? `'${text.replaceAll("'", "''")}'` : text;
}

function doubleQuoted(text: string): string {
  let out = '';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (char === '"' || char === '\\') out += `\\${char}`;
    else if (char === '\n') out += '\\n';
    else if (char === '\t') out += '\\t';
    else if (code >= 32 && code < 127) out += char;
    else if (code < 256) out += `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`;
    else
      out +=
        code < 65_536
          ? `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`
          : `\\U${code.toString(16).toUpperCase().padStart(8, '0')}`;
  }
  return `"${out}"`;
}
