/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const NAMES = [
  'a',
  'b',
  'n',
  'l',
  'd',
  's',
  'missing',
  'people',
  'loop',
  'self',
  'range',
  'dict',
  'constructor',
  '__proto__',
];
const LITERALS = [
  "'x'",
  '"a\\n\\"b"',
  '1',
  '2.0',
  '-3',
  '1e3',
  '0x1f',
  '12345678901234567890',
  'true',
  'None',
  '[]',
  '{}',
  '()',
];
const FILTERS = [
  ...[
    'upper',
    'length',
    'list',
    'first',
    'int',
    'float',
    'join("-")',
    'default(1, true)',
    'map("upper")',
    'tojson',
    'batch(2)',
  ],
  ...[
    'sort(reverse=true)',
    "map(attribute='a.b')",
    'select("odd")',
    'regex_replace("(a+)+$", "b")',
    'center(200)',
    'pprint',
  ],
  ...[
    'wordwrap(3)',
    'indent(4)',
    'urlize',
    'to_yaml_string',
    'from_json_string',
    'jsonpath_query("$..a")',
    'round(2)',
    'e',
  ],
  ...['groupby("a")', 'xmlattr', 'truncate(3)', 'striptags', 'version_match(">=1.0.0")', 'nothing'],
];
const TESTS = [
  'defined',
  'none',
  'odd',
  'divisibleby 3',
  'in [1]',
  'eq(1)',
  'mapping',
  'filter',
  'sameas none',
  'wrong',
];
const METHODS = [
  'upper()',
  'split(",")',
  'format(1, a=2)',
  'items()',
  'get("a")',
  'append(1)',
  '__class__',
  'constructor',
  'join(l)',
];
const OPERATORS = ['+', '-', '*', '/', '//', '%', '**', '~', '==', '!=', '<', '>=', 'in', 'not in', 'and', 'or'];

/** A source of random expressions and templates, right and wrong ones. */
class Maker {
  constructor(private readonly chance: () => number) {}

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.chance() * from.length)] as T;
  }
  private under(limit: number): boolean {
    return this.chance() < limit;
  }

  expression(depth: number): string {
    const inner = (): string => this.expression(depth - 1);
    if (depth <= 0 || this.under(0.15)) return this.pick(this.under(0.6) ? NAMES : LITERALS);
    switch (Math.floor(this.chance() * 11)) {
      case 0:
      case 1:
        return `${inner()} | ${this.pick(FILTERS)}`;
      case 2:
      case 3:
        return `${inner()} ${this.pick(OPERATORS)} ${inner()}`;
      case 4:
        return `${inner()}.${this.pick(METHODS)}`;
      case 5:
        return `(${inner()})[${this.under(0.5) ? inner() : `${inner()}:${this.under(0.5) ? inner() : ''}`}]`;
      case 6:
        return `${inner()} is ${this.under(0.3) ? 'not ' : ''}${this.pick(TESTS)}`;
      case 7:
        return `${inner()} if ${inner()}${this.under(0.7) ? ` else ${inner()}` : ''}`;
      case 8:
        return this.pick([`[${inner()}, ${inner()}]`, `(${inner()},)`, `{${inner()}: ${inner()}}`, `not ${inner()}`]);
      case 9:
        return `${this.pick(NAMES)}(${inner()}, ${this.pick(['*l', '**d', 'x=1', inner()])})`;
      default:
        return `-${inner()}`;
    }
  }

  private tag(content: string): string {
    return `{%${this.pick(['', '', '-', '+'])} ${content} ${this.pick(['', '', '-', '+'])}%}`;
  }
  private body(depth: number): string {
    return (
      Array.from({ length: Math.floor(this.chance() * 3) }, () => this.text() + this.statement(depth)).join('') +
      this.text()
    );
  }
  private text(): string {
    return this.pick(['', ' ', '\n', 'x', '  \n  ', 'a b\n', '{', '%}', '<b>']);
  }

  statement(depth: number): string {
    const value = (): string => this.expression(2);
    const body = (): string => this.body(depth - 1);
    if (depth <= 0 || this.under(0.4)) return `{{ ${value()} }}`;
    return this.pick([
      () =>
        `${this.tag(`if ${value()}`)}${body()}${this.tag(`elif ${value()}`)}${body()}${this.tag('else')}${body()}${this.tag('endif')}`,
      () => `${this.tag(`for x in ${value()}`)}{{ loop.index }}${body()}${this.tag('endfor')}`,
      () =>
        `${this.tag(`for k, v in ${value()} if ${value()} recursive`)}${body()}${this.tag('else')}${body()}${this.tag('endfor')}`,
      () => this.tag(`set ${this.pick(['q', 'q, r', 'ns.x'])} = ${value()}`),
      () => `${this.tag('set q | upper')}${body()}${this.tag('endset')}`,
      () => `${this.tag(`macro m(a, b=${value()})`)}${body()}{{ caller }}${this.tag('endmacro')}{{ m(${value()}) }}`,
      () => `${this.tag('call(x) m(1)')}${body()}${this.tag('endcall')}`,
      () => `${this.tag('filter upper | trim')}${body()}${this.tag('endfilter')}`,
      () => `${this.tag(`with a = ${value()}, b = 1`)}${body()}${this.tag('endwith')}`,
      () => `${this.tag('block x scoped')}${body()}${this.tag('endblock')}`,
      () => `${this.tag('raw')}{{ x }}${this.tag('endraw')}`,
      () => `{#- ${value()} #}`,
    ])();
  }

  template(): string {
    return this.under(0.6) ? `{{ ${this.expression(3)} }}` : this.body(2);
  }

  /** A few characters left out, doubled or put elsewhere. */
  mutated(text: string): string {
    const at = Math.floor(this.chance() * text.length);
    const to = at + Math.floor(this.chance() * 4);
    const part = text.slice(at, to);
    return (
      text.slice(0, at) +
      this.pick(['', part + part, '}}', "'", '(', '\\', '\u0000', '😀', '%}', '$.']) +
      text.slice(to)
    );
  }
}

/** Random templates, most of them right. */
export function* templates(count: number, seed: number): Generator<string> {
  const maker = new Maker(seeded(seed));
  for (let made = 0; made < count; made += 1) yield maker.template();
}

/** Random and mutated expressions, at times nonsense. */
export function* mutants(count: number, seed: number): Generator<string> {
  const chance = seeded(seed);
  const maker = new Maker(chance);
  for (let made = 0; made < count; made += 1) {
    let text = maker.template();
    while (chance() < 0.5) text = maker.mutated(text);
    yield text;
  }
}
