import type { Node } from '../../../src/expressions/jinja/ast';
import { printTemplate } from '../../../src/expressions/jinja/print';
import { parseTemplate } from '../../../src/expressions/jinja/statement-parser';
import { describeWithShared, sharedLines } from '../../helpers/shared';
import { templates } from './random-templates';

/** Nodes without their places in the text; floats and big integers as text, which equality tells apart. */
const shape = (nodes: readonly Node[]): unknown =>
  JSON.parse(
    JSON.stringify(nodes, (key, value: unknown) => {
      if (key === 'at') return undefined;
      return typeof value === 'bigint' ? `big ${value}` : value;
    }),
  );

function parsed(source: string): Node[] | null {
  try {
    return parseTemplate(source);
  } catch {
    return null;
  }
}

/** Jinja takes the word `not` for a name where an operand has to be (`1 == not - 3`); as one it can't be written elsewhere. */
const hasNameNot = (nodes: readonly Node[]): boolean => JSON.stringify(shape(nodes)).includes('"name":"not"');

function expectRoundTrip(source: string): void {
  const nodes = parsed(source);
  if (nodes && !hasNameNot(nodes)) expect(shape(parseTemplate(printTemplate(nodes)))).toEqual(shape(nodes));
}

test('random templates are printed as text that parses to the same tree', () => {
  let parsable = 0;
  for (const source of templates(5_000, 11)) {
    if (parsed(source)) parsable += 1;
    expectRoundTrip(source);
  }
  expect(parsable).toBeGreaterThan(2_000);
});

describeWithShared('fixtures/expressions')('recorded templates', () => {
  test('are printed as text that parses to the same tree', () => {
    for (const line of sharedLines('fixtures/expressions/jinja.jsonl'))
      expectRoundTrip((JSON.parse(line) as { expr: string }).expr);
  });
});
