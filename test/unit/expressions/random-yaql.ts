import { mutants, seeded } from './random-templates';

const ATOMS = [
  ...[
    'ctx()',
    'ctx().a',
    'ctx(l)',
    'ctx().people',
    'ctx().d.a.c',
    'ctx().missing',
    'result()',
    '$',
    '$1',
    'null',
    'true',
    'word',
  ],
  ...['1', '2.5', '12345678901234567890', "'a,b'", '"x"', '[1, 2, [3]]', '{a => 1}', '[]', 'range(10)', 'set(1, 2)'],
  ...['ctx().__class__', 'ctx().constructor', 'task(x)', 'datetime(2026, 1, 2)', 'timespan(hours => 1)'],
];
const CALLS = [
  ...[
    'len()',
    'toUpper()',
    'split(",")',
    'select($ + 1)',
    'where($ > 1)',
    'first()',
    'sum()',
    'join("-")',
    'keys()',
    'flatten()',
  ],
  ...[
    'groupBy($)',
    'aggregate($1 + $2)',
    'orderBy($)',
    'toDict($, $)',
    'zip([1])',
    'distinct()',
    'replace(a, bb)',
    'get(a, 1)',
  ],
  ...[
    'repeat()',
    'cycle().limit(3)',
    'selectMany($)',
    'generateMany($)',
    'matches("(a+)+b")',
    'format("%Y")',
    'unpack(a) -> $a',
  ],
];
const WRAPS = [
  ...[
    'len(X)',
    'str(X)',
    'int(X)',
    'X[0]',
    'X.a',
    'X?.b',
    'not X',
    '-X',
    'let(a => X) -> $a',
    'switch(X => 1)',
    'coalesce(X, 1)',
  ],
  ...[
    'generate(X, true, $ + $)',
    'json(X)',
    'to_yaml_string(X)',
    'regex_replace(X, "(a*)*b", c)',
    'range(X)',
    'list(X, X)',
  ],
];
const OPERATORS = ['+', '-', '*', '/', 'mod', '=', '<', 'in', 'and', 'or', '=~', '->', '.'];
const ODD = ['', '%>', '<%', '(', ']', "'", '\\', '$', '=>', '\u0000', '😀', ',,'];

/** Texts as workflows have them, right and wrong: YAQL mostly, some Jinja. */
export function* workflowTexts(count: number, seed: number): Generator<string> {
  const chance = seeded(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(chance() * from.length)] as T;
  const expression = (depth: number): string => {
    const kind = chance();
    if (depth <= 0 || kind < 0.15) return pick(ATOMS);
    if (kind < 0.5) return `${expression(depth - 1)}.${pick(CALLS)}`;
    if (kind < 0.8) return pick(WRAPS).replaceAll('X', () => expression(depth - 1));
    return `${expression(depth - 1)} ${pick(OPERATORS)} ${expression(depth - 1)}`;
  };
  const templates = mutants(count, seed + 1);
  for (let made = 0; made < count; made += 1) {
    let text = chance() < 0.8 ? `<% ${expression(3)} %>` : String(templates.next().value);
    while (chance() < 0.4) {
      const at = Math.floor(chance() * text.length);
      text = text.slice(0, at) + pick(ODD) + text.slice(at + Math.floor(chance() * 3));
    }
    yield text;
  }
}
