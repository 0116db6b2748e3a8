import { Environment as Nunjucks, Template } from 'nunjucks';
import { compileTemplate } from '../../src/expressions/jinja/compile';
import { STACKSTORM } from '../../src/expressions/jinja/standard';
import { WORKFLOW_YAQL } from '../../src/expressions/orquesta/yaql';
import { evaluateYaql } from '../../src/expressions/yaql';
import { CONTEXT, TEMPLATES, YAQL } from './cases';

/** One engine doing one kind of work; each call goes through all cases once. */
export interface Side {
  name: 'ours' | 'nunjucks' | 'ours-yaql';
  /** What was compiled before, evaluated. */
  compiled(): void;
  /** Compiled and evaluated for the first time. */
  first(): void;
}

/** The sides that run in this process. */
export function sides(): Record<Side['name'], Side> {
  return { ours: ours(), nunjucks: nunjucks(), 'ours-yaql': oursYaql() };
}

function ours(): Side {
  const compiled = TEMPLATES.map((template) => compileTemplate(template, STACKSTORM));
  return {
    name: 'ours',
    compiled: () => compiled.forEach((template) => template.render({ context: CONTEXT })),
    first: () => TEMPLATES.forEach((template) => compileTemplate(template, STACKSTORM).render({ context: CONTEXT })),
  };
}

function nunjucks(): Side {
  const environment = new Nunjucks(null, { autoescape: false, trimBlocks: true, lstripBlocks: true });
  const make = (source: string): Template => new Template(source, environment, 'bench', true);
  const compiled = TEMPLATES.map(make);
  return {
    name: 'nunjucks',
    compiled: () => compiled.forEach((template) => template.render(CONTEXT)),
    first: () => TEMPLATES.forEach((template) => make(template).render(CONTEXT)),
  };
}

function oursYaql(): Side {
  const data = CONTEXT as never;
  let fresh = 0;
  return {
    name: 'ours-yaql',
    compiled: () => YAQL.forEach((text) => evaluateYaql(text, { functions: WORKFLOW_YAQL, data })),
    // Another text each time, so that no cache knows it.
    first: () => {
      fresh += 1;
      YAQL.forEach((text) => evaluateYaql(`${text}${' '.repeat(fresh % 500)}`, { functions: WORKFLOW_YAQL, data }));
    },
  };
}
