import { STACKSTORM } from '../../../src/expressions/jinja/standard';
import { evaluateDocument } from '../../../src/expressions/orquesta/evaluate';
import { PyDict, PyObject } from '../../../src/expressions/python/values';
import type { Value } from '../../../src/expressions/python/values';
import { EverstormError } from '../../../src/model/errors';
import { mutants } from './random-templates';
import { workflowTexts } from './random-yaql';

/** `npm run nightly` does more of them, within 100 ms each; here another process may have the machine. */
const COUNT = Number(process.env['FUZZ_COUNT'] ?? 20_000);
const LIMIT_MS = Number(process.env['FUZZ_LIMIT_MS'] ?? 1_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 5);
const MAX_TEXT = 1_000_000;

const CONTEXT = {
  ...{ a: 'Hello World', b: true, n: 5, l: [3, 1, 2], s: 'a,b,,c', x: null },
  d: { b: 1, a: { c: [1, 2] }, __proto__x: 1 },
  people: [
    { name: 'bob', age: 30 },
    { name: 'alice', age: 25, a: [1] },
  ],
};

/** Only the language's own values come out: nothing of the host. */
function isValue(value: Value, depth = 0): boolean {
  if (depth > 50 || value === null || ['string', 'number', 'boolean', 'bigint'].includes(typeof value)) return true;
  if (Array.isArray(value)) return value.every((item) => isValue(item, depth + 1));
  if (value instanceof PyDict)
    return [...value.entries()].every((pair) => pair.every((item) => isValue(item, depth + 1)));
  if (value instanceof PyObject) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** Milliseconds of processor time; the slow are asked again, since the machine may have been busy with something else. */
function timed(work: () => void): number {
  let best = Infinity;
  for (let round = 0; round < 3 && best > LIMIT_MS; round += 1) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

/** Evaluates; what fails does so with a typed error. */
function evaluateSafely(text: string, evaluate: (text: string) => Value): void {
  let value: Value;
  try {
    value = evaluate(text);
  } catch (error) {
    if (error instanceof EverstormError) return;
    throw new Error(`${JSON.stringify(text)} failed with ${String(error)}`, { cause: error });
  }
  if (!isValue(value)) throw new Error(`${JSON.stringify(text)} gives something of the host`);
  if (typeof value === 'string' && value.length > MAX_TEXT)
    throw new Error(`${JSON.stringify(text)} gives too much text`);
}

function expectHarmless(texts: Iterable<string>, evaluate: (text: string) => Value): void {
  const [context, prototype] = [JSON.stringify(CONTEXT), Object.getOwnPropertyNames(Object.prototype).join()];
  for (const text of texts) {
    const took = timed(() => evaluateSafely(text, evaluate));
    if (took > LIMIT_MS) throw new Error(`${JSON.stringify(text)} took ${took} ms`);
  }
  expect(JSON.stringify(CONTEXT)).toBe(context);
  expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(prototype);
}

test('templates end soon, with a value or a typed error, and change nothing outside', () => {
  expectHarmless(mutants(COUNT / 2, SEED), (text) => STACKSTORM.template(text).render({ context: CONTEXT }));
}, 300_000);

test('texts of workflows do', () => {
  expectHarmless(workflowTexts(COUNT / 2, SEED + 1), (text) =>
    evaluateDocument(text, { variables: CONTEXT as never, task: { status: 'succeeded', result: CONTEXT as never } }),
  );
}, 300_000);
