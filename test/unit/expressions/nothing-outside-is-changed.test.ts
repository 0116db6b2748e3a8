import { renderTemplate } from '../../../src/expressions';
import { evaluateDocument } from '../../../src/expressions/orquesta/evaluate';
import type { Dict } from '../../../src/expressions/python/values';

const context = (): { l: number[]; d: { a: { b: number[] } } } => ({ l: [1], d: { a: { b: [1] } } });

/** Each changes what it is given, as Python's methods do, and sees the change. */
const CHANGES = [
  ['{{ l.append(2) }}{{ l }}', 'None[1, 2]'],
  ['{{ d.a.b.extend([2, 3]) }}{{ d }}', "None{'a': {'b': [1, 2, 3]}}"],
  ["{{ d.update({'x': l}) }}{{ d.x.append(2) }}{{ l }}", 'NoneNone[1, 2]'],
  ["{{ d['a']['pop']('b') }}{{ d }}", "[1]{'a': {}}"],
  ['{% for x in l %}{{ l.clear() }}{% endfor %}{{ l }}', 'None[]'],
  ["{{ d.setdefault('a', {}).clear() }}{{ d }}", "None{'a': {}}"],
] as const;

test.each(CHANGES)('%s changes a copy of its own', (template, text) => {
  const names = context();
  expect(renderTemplate(template, names)).toBe(text);
  expect(names).toEqual(context());
});

test.each(CHANGES)('%s does so in a workflow', (template, text) => {
  const variables = context();
  const scope = {
    variables: variables as unknown as Dict,
    item: variables.l,
    task: { status: 'succeeded', result: variables.l },
  };
  // A block is rendered as a whole, so that the parts see what the others did.
  const inWorkflow = `{% if true %}${template.replace(/\b(l|d)(?=[.\[ }])/g, '__vars.$1')}{% endif %}`;
  expect(evaluateDocument(inWorkflow, scope)).toBe(text);
  for (const source of ['ctx().l', 'ctx("l")', 'item()', 'result()'])
    expect(evaluateDocument(`{{ ${source}.append(9) }}`, scope)).toBeNull();
  expect(variables).toEqual(context());
});

test('a method that changes things is not to be had by a computed name', () => {
  const names = context();
  expect(() => renderTemplate("{{ l['app' ~ 'end'](2) }}", names)).toThrow('unsafe');
  expect(() => renderTemplate("{{ (l | attr('app' ~ 'end'))(2) }}", names)).toThrow('unsafe');
  expect(names).toEqual(context());
});
