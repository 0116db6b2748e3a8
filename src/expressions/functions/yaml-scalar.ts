/** Where a scalar's text goes: the column it starts in, and the indentation of its further lines. */
export interface Place {
  column: number;
  indent: number;
}

const WIDTH = 80;
const WORDS = /^(?:~|null|Null|NULL|true|True|TRUE|false|False|FALSE|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|=|<<)$/;
const INTEGER =
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const FLOAT =
  /^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const DATE =
  /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/;

/** What a plain text would be read as something else than text for: its first character, or what stands within. */
const INDICATOR = /^(?:[#,[\]{}&*!|>'"%@`]|[?:-](?:[ \n]|$)|---|\.\.\.)|: |:$|:\n| #|\n#/;
/** Characters that only a text in double quotes can have. */
const SPECIAL = /[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;

/** Text as libyaml writes it: plain where it would be read as the same text, else in quotes; lines break at spaces past column 80. */
export function textScalar(text: string, place: Place): string {
  if (text === '') return "''";
  if (SPECIAL.test(text) || / \n|\n /.test(text)) return doubleQuoted(text, place);
  const plainly =
    !/^[ \n]|[ \n]$|\n/.test(text) &&
    !INDICATOR.test(text) &&
    ![WORDS, INTEGER, FLOAT, DATE].some((pattern) => pattern.test(text));
  return plainly
    ? folded(text, place)
    : `'${folded(text.replaceAll("'", "''"), { ...place, column: place.column + 1 })}'`;
}

/** Breaks lines at single spaces past the width; a line break of the text is written twice. */
function folded(text: string, { column: start, indent }: Place): string {
  const margin = `\n${' '.repeat(indent)}`;
  let [out, column] = ['', start];
  const chars = Array.from(text);
  for (const [index, char] of chars.entries()) {
    const inside = index > 0 && index < chars.length - 1;
    if (char === ' ' && column > WIDTH && inside && chars[index - 1] !== ' ' && chars[index + 1] !== ' ') {
      out += margin;
      column = indent;
    } else if (char === '\n') {
      const more = chars[index + 1] === '\n';
      out += (chars[index - 1] === '\n' ? '' : '\n') + (more ? '\n' : margin);
      column = indent;
    } else {
      out += char;
      column += 1;
    }
  }
  return out;
}

const SHORT: ReadonlyMap<string, string> = new Map([
  ['\0', '0'],
  ['\x07', 'a'],
  ['\b', 'b'],
  ['\t', 't'],
  ['\n', 'n'],
  ['\v', 'v'],
  ['\f', 'f'],
  ['\r', 'r'],
  ['\x1b', 'e'],
  ['"', '"'],
  ['\\', '\\'],
  ['\x85', 'N'],
  ['\u2028', 'L'],
  ['\u2029', 'P'],
]);

function doubleQuoted(text: string, { column: start, indent }: Place): string {
  let [out, column] = ['"', start + 1];
  const chars = Array.from(text);
  for (const [index, char] of chars.entries()) {
    if (char === ' ' && column > WIDTH && index > 0 && index < chars.length - 1 && chars[index - 1] !== ' ') {
      out += `\n${' '.repeat(indent)}${chars[index + 1] === ' ' ? '\\' : ''}`;
      column = indent + (chars[index + 1] === ' ' ? 1 : 0);
      continue;
    }
    const shown = escapedChar(char);
    out += shown;
    column += shown === char ? 1 : shown.length;
  }
  return `${out}"`;
}

function escapedChar(char: string): string {
  const short = SHORT.get(char);
  if (short !== undefined) return `\\${short}`;
  if (!SPECIAL.test(char) && char.length === 1) return char;
  const code = char.codePointAt(0) as number;
  const hex = code.toString(16).toUpperCase();
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
