const SPECIAL = /[\\^$.|?*+()[\]{}]/g;

/** A shell wildcard (`*`, `?`, `[a-z]`, `[!a]`) as an anchored regular expression in Python's syntax. */
export function wildcardRegex(pattern: string): string {
  let out = '';
  for (let position = 0; position < pattern.length;) {
    const char = pattern[position] as string;
    const end = char === '[' ? classEnd(pattern, position) : -1;
    if (end > 0) {
      const inside = pattern.slice(position + 1, end).replaceAll('\\', '\\\\');
      out += inside.startsWith('!') ? `[^${inside.slice(1)}]` : `[${inside.replace(/^\^/, '\\^')}]`;
      position = end + 1;
      continue;
    }
    if (char !== '*' || pattern[position - 1] !== '*')
      out += char === '*' ? '.*' : char === '?' ? '.' : char.replace(SPECIAL, '\\$&');
    position += 1;
  }
  return `${out}\\Z`;
}

function classEnd(pattern: string, start: number): number {
  const first = pattern[start + 1] === '!' ? start + 2 : start + 1;
  return pattern.indexOf(']', first + 1);
}
