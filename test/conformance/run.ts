import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Judge, Outcome } from './adapters/adapter';
import { expressionJudge } from './adapters/expressions';
import { ruleJudge } from './adapters/rules';

const USAGE = 'usage: npm run conformance -- <expressions|rules> <file or folder> [--context FILE] [--json]';

/** The last line of `--json`. */
export interface Summary {
  passed: number;
  failed: number;
  skipped: number;
  failures: string[];
}

export class UsageError extends Error {}

/** Runs files of recorded cases; `print` gets a line per failing case, then a table by group. Throws UsageError. */
export function runCases(args: readonly string[], print: (line: string) => void): Summary {
  const { kind, path, context, json } = optionsOf(args);
  const outcomes = filesOf(path).flatMap((file) => judged(readLines(file), judgeOf(kind, context)));
  const failures = outcomes.filter(({ passed }) => !passed);
  for (const { id, expected, observed } of failures)
    print(`✗ ${id}\n    expected ${expected}\n    observed ${observed}`);
  for (const line of table(outcomes)) print(line);
  const summary = {
    passed: outcomes.length - failures.length,
    failed: failures.length,
    skipped: 0,
    failures: failures.map(({ id }) => id),
  };
  if (json) print(JSON.stringify(summary));
  return summary;
}

interface Options {
  kind: string;
  path: string;
  context: string | null;
  json: boolean;
}

function optionsOf(args: readonly string[]): Options {
  const rest = [...args];
  const json = take(rest, '--json', 0) !== null;
  const context = take(rest, '--context', 1);
  const [kind, path, ...others] = rest;
  if (!kind || !path || others.length > 0) throw new UsageError(USAGE);
  return { kind, path, context, json };
}

/** Takes an option out of the list: its value, or an empty text for one without; null when it isn't there. */
function take(args: string[], name: string, values: 0 | 1): string | null {
  const at = args.indexOf(name);
  if (at < 0) return null;
  const [, value = ''] = args.splice(at, 1 + values);
  if (values === 1 && value === '') throw new UsageError(`${name} needs a value\n${USAGE}`);
  return value;
}

function judgeOf(kind: string, context: string | null): Judge {
  if (kind === 'rules') return ruleJudge;
  if (kind !== 'expressions') throw new UsageError(`there is no kind "${kind}" yet\n${USAGE}`);
  if (context === null) throw new UsageError(`expressions need --context FILE\n${USAGE}`);
  return expressionJudge(readFile(context));
}

const readFile = (path: string): string => {
  if (!existsSync(path)) throw new UsageError(`there is no file ${path}`);
  return readFileSync(path, 'utf8');
};

const readLines = (path: string): string[] =>
  readFile(path)
    .split('\n')
    .filter((line) => line.trim() !== '');

function filesOf(path: string): string[] {
  if (!existsSync(path) || !statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .map((name) => join(path, name));
}

const judged = (lines: readonly string[], judge: Judge): Outcome[] => lines.map(judge);

function table(outcomes: readonly Outcome[]): string[] {
  const groups = new Map<string, { passed: number; all: number }>();
  for (const { group, passed } of outcomes) {
    const counts = groups.get(group) ?? { passed: 0, all: 0 };
    groups.set(group, { passed: counts.passed + (passed ? 1 : 0), all: counts.all + 1 });
  }
  return [...groups].sort().map(([group, { passed, all }]) => `${group.padEnd(28)} ${passed}/${all}`);
}
