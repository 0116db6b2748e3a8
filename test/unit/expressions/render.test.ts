import { renderTemplate, renderValue } from '../../../src/expressions';
import { EverstormError } from '../../../src/model/errors';
import type { ErrorCode } from '../../../src/model/errors';

const context = { trigger: { body: { k: 'v', n: 3, list: [1, 2], yes: true, no: null }, headers: { 'X-Foo': 'bar' } } };
const codeOf = (work: () => unknown): [ErrorCode, string] => {
  try {
    work();
  } catch (error) {
    if (error instanceof EverstormError) return [error.code, error.message];
    throw error;
  }
  throw new Error('nothing was thrown');
};

test.each([
  ['{{ trigger.body.k }}', 'v'],
  ["{{ trigger.headers['X-Foo'] }}", 'bar'],
  ['{{ trigger.body.list[0] + 1 }}', '2'],
  ['{{ trigger.body }}', "{'k': 'v', 'n': 3, 'list': [1, 2], 'yes': True, 'no': None}"],
  ['{% for x in trigger.body.list %}{{ x }}{% if not loop.last %},{% endif %}{% endfor %}', '1,2'],
  ['{% set a = 2 %}\n{{ a ** 3 }}', '8'],
  ["{{ missing | default('d') }}", 'd'],
  ['{{ 1 if missing is defined else 2 }}', '2'],
  ['  {% if true %}\nx\n  {% endif %}\ny', 'x\ny'],
  ["{{ 'a' ~ 1 ~ none }}", 'a1None'],
  ['{{ 1 < 2 < 3 and 2 in [1, 2] }}', 'True'],
])('%s renders to %s', (template, text) => {
  expect(renderTemplate(template, context)).toBe(text);
});

test.each([
  ["{{ 'ab' | regex_match(pattern='b') }}", 'False'],
  ["{{ 'xab' | regex_search(pattern='A') }}", 'False'],
  ["{{ 'xab' | regex_search(pattern='A', ignorecase=true) }}", 'True'],
  ["{{ 'ab' | regex_replace(pattern='(a)', replacement='\\\\1-') }}", 'a-b'],
  ["{{ 'a1b2' | regex_substring(pattern='[0-9]', result_index=1) }}", '2'],
])('StackStorm names the arguments of its filters: %s', (template, text) => {
  expect(renderTemplate(template, context)).toBe(text);
});

test('a lone expression keeps its type, text around it makes text', () => {
  expect(renderValue('{{ trigger.body.list }}', context)).toEqual([1, 2]);
  expect(renderValue('{{ trigger.body.n }}', context)).toBe(3);
  expect(renderValue({ a: ['{{ trigger.body.no }}', 'n={{ trigger.body.n }}'] }, context)).toEqual({
    a: [null, 'n=3'],
  });
});

test('what is missing is named', () => {
  expect(codeOf(() => renderTemplate('{{ nothere }}', context))).toEqual([
    'EXPRESSION_FAILED',
    "'nothere' is undefined",
  ]);
  expect(codeOf(() => renderTemplate('{{ trigger.gone }}', context))).toEqual([
    'EXPRESSION_FAILED',
    "'dict object' has no attribute 'gone'",
  ]);
});

test('a syntax error says where', () => {
  expect(codeOf(() => renderTemplate('a\n{{ 1 + }}', context))).toEqual([
    'EXPRESSION_SYNTAX',
    "unexpected '}}' (line 2, column 8)",
  ]);
});

test.each(['__proto__', 'constructor', 'prototype', 'toString', '__class__', 'valueOf'])(
  '%s reaches nothing',
  (name) => {
    for (const base of ['trigger', 'trigger.body.list', "'x'", '1', 'trigger.body.k.upper']) {
      expect(codeOf(() => renderTemplate(`{{ ${base}.${name} }}`, context))[0]).toBe('EXPRESSION_FAILED');
      expect(codeOf(() => renderTemplate(`{{ ${base}['${name}'] }}`, context))[0]).toBe('EXPRESSION_FAILED');
    }
    expect(codeOf(() => renderTemplate(`{{ ${name} }}`, context))[0]).toBe('EXPRESSION_FAILED');
    expect(codeOf(() => renderTemplate(`{{ ''.${name}() }}`, context))[0]).toBe('EXPRESSION_FAILED');
    expect(codeOf(() => renderTemplate(`{{ '' | ${name} }}`, context))[0]).toBe('EXPRESSION_SYNTAX');
  },
);

test('a key named __proto__ in a payload stays a key', () => {
  const hostile = JSON.parse('{"__proto__": {"polluted": 1}}') as { [key: string]: never };
  expect(JSON.stringify(renderValue(hostile, {}))).toBe('{"__proto__":{"polluted":1}}');
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

test.each([
  ['steps', '{% for a in range(1000) %}{% for b in range(1000) %}{{ b }}{% endfor %}{% endfor %}'],
  ['output', "{{ 'x' * 2000000 }}"],
  ['depth', `{{ ${'('.repeat(500)}1${')'.repeat(500)} }}`],
  ['depth of brackets', `{{ ${'-'.repeat(5000)}1 }}`],
])('the bound on %s holds', (_, template) => {
  expect(codeOf(() => renderTemplate(template, context))[0]).toBe('EXPRESSION_BOUND');
});
