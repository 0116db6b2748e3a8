import { STACKSTORM } from '../../../src/expressions/jinja/standard';
import { evaluateDocument } from '../../../src/expressions/orquesta/evaluate';
import { errorCode } from '../../../src/model/errors';

const LIMIT_MS = Number(process.env['FUZZ_LIMIT_MS'] ?? 1_000);
const twice = (text: string, times: number): string => text.repeat(times);

/** Each would take minutes, or gigabytes, without bounds. */
const TEMPLATES = {
  'loops in loops': '{% for a in range(10000) %}{% for b in range(10000) %}{{ a * b }}{% endfor %}{% endfor %}',
  'text that doubles': `{% set ns = namespace(s='ab') %}{% for i in range(60) %}{% set ns.s = ns.s + ns.s %}{% endfor %}`,
  'text that doubles by ~': `{% set ns = namespace(s='ab') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}`,
  'a list that doubles':
    '{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = ns.l + ns.l %}{% endfor %}',
  'a list that grows by itself': '{% set l = [1] %}{% for i in range(60) %}{% if l.extend(l) %}{% endif %}{% endfor %}',
  'a long text at once': "{{ 'a' * 1000000000 }}",
  'a long list at once': '{{ [0] * 1000000000 }}',
  'wide formats': "{{ '%1000000000d' % 1 }}",
  'wide formats by format': "{{ '{:>1000000000}'.format(1) }}",
  'wide centring': "{{ 'a' | center(1000000000) }}",
  'deep indentation': "{{ 'a\\nb' | indent(1000000000) }}",
  'much replaced': "{{ ('a' * 100000) | replace('a', 'b' * 100000) }}",
  'much joined': "{{ range(100000) | join('x' * 100000) }}",
  'a great power': '{{ 9 ** 9 ** 9 ** 9 }}',
  'a shifted sum': '{{ (2 ** 10000) * (2 ** 10000) * (2 ** 10000) }}',
  'a macro that calls itself': '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}',
  'macros that call themselves twice': '{% macro m(n) %}{{ m(n - 1) }}{{ m(n - 1) }}{% endmacro %}{{ m(90) }}',
  'a loop that recurses': '{% for x in [[1]] recursive %}{{ loop([x]) }}{% endfor %}',
  'a list within itself': '{% set l = [] %}{% if l.append(l) %}{% endif %}{{ l }}',
  'a list within itself as JSON': '{% set l = [] %}{% if l.append(l) %}{% endif %}{{ l | to_json_string }}',
  'a list within itself, compared':
    '{% set l = [] %}{% if l.append(l) %}{% endif %}{% set m = [] %}{% if m.append(m) %}{% endif %}{{ l == m }}',
  'a hostile pattern': `{{ '${twice('a', 10_000)}!' | regex_match('(a+)+$') }}`,
  'a hostile pattern, replaced': `{{ '${twice('a', 10_000)}!' | regex_replace('(a|a)*b', 'x') }}`,
  'a pattern without end': `{{ 'a' | regex_match('${twice('(a?)', 2_000)}${twice('a', 2_000)}') }}`,
  'many brackets': `{{ ${twice('(', 5_000)}1${twice(')', 5_000)} }}`,
  'many nots': `{{ ${twice('not ', 5_000)}1 }}`,
  'many blocks': `${twice('{% if 1 %}', 5_000)}${twice('{% endif %}', 5_000)}`,
  'many aliases in YAML':
    "{{ 'a: &a [x,x,x,x,x,x,x,x,x]\\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e]' | from_yaml_string | length }}",
  'deep JSON': `{{ '${twice('[', 100_000)}' | from_json_string }}`,
  'a long wrap': `{{ '${twice('a ', 50_000)}' | wordwrap(1) | length }}`,
  'a long list of links': `{{ '${twice('www.a.com ', 20_000)}' | urlize | length }}`,
} as const;

/** The quickest of three: the first one is compiled on the way, and the machine may have other things to do. */
function expectBounded(evaluate: () => unknown): void {
  let best = Infinity;
  for (let round = 0; round < 3 && best >= LIMIT_MS; round += 1) {
    const before = process.cpuUsage();
    let code: string | null = 'nothing';
    try {
      evaluate();
    } catch (error) {
      code = errorCode(error);
    }
    const { user, system } = process.cpuUsage(before);
    expect(code).not.toBeNull();
    best = Math.min(best, (user + system) / 1000);
  }
  expect(best).toBeLessThan(LIMIT_MS);
}

test.each(Object.entries(TEMPLATES))('%s', (_, template) => {
  expectBounded(() => STACKSTORM.template(template).render({ context: {} }));
});

const TEXTS = {
  'text that gives itself': "<% '<% ctx().x %>' + '' %>",
  'data that evaluates to itself': '<% ctx().self %>',
  'Jinja that evaluates to itself': '{{ ctx().jinja }}',
  'much joined': "<% range(30000).join('a' * 100000) %>",
  'much replaced': "<% ('a' * 100000).replace('a', 'b' * 100000) %>",
  'no end': '<% range(1).repeat().toList() %>',
  'a product of products': '<% let(range(100)) -> $.select(range(100).select(range(100).select($))) %>',
};

test.each(Object.entries(TEXTS))('in a workflow: %s', (_, text) => {
  const variables = { x: 1, self: '<% ctx().self %>', jinja: '{{ ctx().jinja }}' };
  expectBounded(() => evaluateDocument(text, { variables }));
});
