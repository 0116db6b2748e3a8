import { ExpressionError } from '../errors';
import { parseLone, parseTemplate } from '../jinja/statement-parser';
import { dictEntries, isDict } from '../python/values';
import type { Value } from '../python/values';
import { parseYaql } from '../yaql/parser';
import { hasJinja } from './evaluate-jinja';

/** Something wrong with an expression. `type` is its language, null where it can't be told; line and column are within the expression. */
export interface ExpressionProblem {
  type: 'yaql' | 'jinja' | null;
  expression: string;
  message: string;
  line?: number;
  column?: number;
}

/** A variable of the context that a text names. */
export interface VariableUse {
  type: 'yaql' | 'jinja';
  expression: string;
  name: string;
}

export interface Inspection {
  errors: ExpressionProblem[];
  variables: VariableUse[];
}

const YAQL = /<%[^\n]*?%>/g;
const JINJA = /\{\{[^\n]*?\}\}/g;
const REFERENCE = /\bctx\(['"]?[[\]a-zA-Z0-9_'".()]*['"]?\)\.?[[\]a-zA-Z0-9_'".()]*/g;
const NAMES = [
  /(?<=\bctx\(\)\.)([a-zA-Z0-9_-]+)\b(?!\()\.?/,
  /\bctx\(([a-zA-Z0-9_-]+)\)/,
  /\bctx\('([a-zA-Z0-9_-]+)'\)/,
  /\bctx\("([a-zA-Z0-9_-]+)"\)/,
];

/** Looks at the expressions inside a document without evaluating them, as Orquesta does before a workflow starts. Source: orquesta's expressions. */
export function inspectDocument(document: Value): Inspection {
  const inspection: Inspection = { errors: [], variables: [] };
  for (const text of textsOf(document)) {
    inspection.errors.push(...errorsOf(text));
    inspection.variables.push(...variablesOf(text));
  }
  return { ...inspection, variables: withoutDoubles(inspection.variables) };
}

function* textsOf(value: Value): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const item of value) yield* textsOf(item);
  else if (isDict(value)) {
    for (const [key, item] of dictEntries(value)) {
      yield* textsOf(key);
      yield* textsOf(item);
    }
  }
}

function errorsOf(text: string): ExpressionProblem[] {
  const yaql = text.match(YAQL) ?? [];
  if (!hasJinja(text)) return yaql.flatMap((each) => problem('yaql', each, () => parseYaql(each.slice(2, -2).trim())));
  if (yaql.length > 0)
    return [{ type: null, expression: text, message: 'Expression with multiple types is not supported.' }];
  const whole = problem('jinja', text, () => parseTemplate(text));
  const single = (text.match(JINJA) ?? [])
    .filter((each) => !whole.some(({ expression }) => expression === each))
    .flatMap((each) => problem('jinja', each, () => parseLone(each.replace(/^[{}]+|[{}]+$/g, '').trim())));
  return [...whole, ...single];
}

function problem(type: 'yaql' | 'jinja', expression: string, parse: () => unknown): ExpressionProblem[] {
  try {
    parse();
    return [];
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const { line, column } = error.facts;
    return [
      {
        type,
        expression,
        message: error.message,
        ...(line !== undefined && column !== undefined ? { line, column } : {}),
      },
    ];
  }
}

function variablesOf(text: string): VariableUse[] {
  const ofType = (type: 'yaql' | 'jinja', pattern: RegExp): VariableUse[] =>
    (text.match(pattern) ?? []).flatMap((each) =>
      (each.match(REFERENCE) ?? []).flatMap((reference) =>
        namesOf(reference).map((name) => ({ type, expression: text, name })),
      ),
    );
  return [...ofType('jinja', JINJA), ...ofType('yaql', YAQL)];
}

const namesOf = (reference: string): string[] => NAMES.flatMap((pattern) => pattern.exec(reference)?.[1] ?? []);

function withoutDoubles(uses: readonly VariableUse[]): VariableUse[] {
  const known = new Map(uses.map((use) => [`${use.type}\n${use.expression}\n${use.name}`, use]));
  return [...known.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
