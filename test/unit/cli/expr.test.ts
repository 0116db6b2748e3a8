import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exprCommand } from '../../../src/bin/expr-command';
import type { ExprOptions } from '../../../src/bin/expr-command';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'everstorm-expr-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function run(text: string, options: ExprOptions = {}): { done: boolean; answer: Record<string, unknown> } {
  let written = '';
  const done = exprCommand(text, { ...options, json: true }, (line) => (written += line));
  return { done, answer: JSON.parse(written) as Record<string, unknown> };
}

test('shows value, type and the variables used, with the context from a file and from options', () => {
  const context = join(folder, 'context.json');
  writeFileSync(context, '{"l": [1, 2.0]}');
  expect(run('{{ l + [n] }}', { context, set: ['n=3'] })).toEqual({
    done: true,
    answer: { value: [1, 2, 3], type: 'list', lacking_keys: [], variables: ['l', 'n'] },
  });
  expect(run('n is {{ n }}', { set: ['n=1.0'] }).answer).toMatchObject({ value: 'n is 1.0', type: 'str' });
});

test('a text with YAQL in it, or asked to, is evaluated as in a workflow', () => {
  expect(run('<% ctx().l.select($ * 2) %>', { set: ['l=[1,2]'] }).answer).toMatchObject({
    value: [2, 4],
    type: 'list',
    variables: ['l'],
  });
  expect(run('{{ ctx("l") }}', { set: ['l=[1]'], workflow: true }).answer).toMatchObject({
    value: [1],
    variables: ['l'],
  });
});

test('names the stored keys it lacks, and takes those given', () => {
  const text = '{{ st2kv.system.a.b }} {{ st2kv.user.c | decrypt_kv }}';
  expect(run(text).answer).toMatchObject({ lacking_keys: ['system.a.b', 'user.c (decrypted)'], type: 'unknown' });
  expect(run(text, { key: ['system.a.b=x', 'decrypted:user.c=y'] }).answer).toMatchObject({ value: 'x y' });
  const inWorkflow = `<% st2kv('system.a', decrypt => true) + st2kv(b, default => z) %>`;
  expect(run(inWorkflow).answer).toMatchObject({ lacking_keys: ['system.a (decrypted)', 'user.b'] });
});

test('says what is wrong and where', () => {
  expect(run('a\n{{ 1 + }}')).toMatchObject({
    done: false,
    answer: { error: { code: 'EXPRESSION_SYNTAX', line: 2, column: 8 } },
  });
  expect(run('x\n  {{ gone }}').answer).toMatchObject({
    error: { code: 'EXPRESSION_FAILED', type: 'UndefinedError', message: "'gone' is undefined", line: 2, column: 3 },
  });
  expect(run('<% 1 + ctx().gone %>').answer).toMatchObject({
    error: {
      code: 'EXPRESSION_FAILED',
      type: 'YaqlEvaluationException',
      cause: 'KeyError',
      expression: '<% 1 + ctx().gone %>',
      line: 1,
    },
  });
});

test.each<[ExprOptions, string]>([
  [{ context: '/nowhere/context.json' }, '--context /nowhere/context.json'],
  [{ set: ['novalue'] }, '--set takes name=JSON'],
  [{ set: ['a=nojson'] }, '--set a: expected JSON'],
  [{ key: ['other.a=1'] }, 'expected system.name or user.name'],
])('an option that makes no sense is named: %j', (options, message) => {
  expect(() => run('{{ 1 }}', options)).toThrow(message);
});
