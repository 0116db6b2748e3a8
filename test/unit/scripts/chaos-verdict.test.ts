import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

const MODULE = resolve(__dirname, '../../../scripts/lib/chaos/verdict.mjs');

interface Evidence {
  acknowledged: { id: string; kind: string }[];
  runs: { tag: string; workflowId: string; runId: string; running: boolean; status: string }[];
  effects: [string, { begin: number; end: number }][];
}

/** The verdict's numbers, judged by the script itself in a process of its own (it is an ES module). */
function judge(evidence: Evidence): Record<string, number> {
  const code = `
    import { judge } from ${JSON.stringify(MODULE)};
    const { effects, ...rest } = ${JSON.stringify(evidence)};
    const verdict = judge({ ...rest, effects: new Map(effects) });
    console.log(JSON.stringify(Object.fromEntries(Object.entries(verdict).map(([what, cases]) => [what, cases.length]))));`;
  const words = ['--input-type=module', '-e', code];
  return JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' })) as Record<string, number>;
}

const run = (tag: string, over: object = {}) => ({
  tag,
  workflowId: `w-${tag}`,
  runId: 'r',
  running: false,
  status: 'succeeded',
  ...over,
});
const NONE = { lost: 0, duplicates: 0, stuck: 0, abandoned: 0 };
const once = [{ id: 'a', kind: 'once' }];
const effects = (begin: number, end: number): Evidence['effects'] => [['a', { begin, end }]];

it.each<[string, Evidence, object]>([
  ['one execution with its effect is right', { acknowledged: once, runs: [run('a')], effects: effects(1, 1) }, {}],
  ['no execution is a loss', { acknowledged: once, runs: [], effects: [] }, { lost: 1 }],
  ['a success without effect is a loss', { acknowledged: once, runs: [run('a')], effects: [] }, { lost: 1 }],
  [
    'an execution that failed is a loss',
    { acknowledged: once, runs: [run('a', { status: 'failed' })], effects: effects(1, 0) },
    { lost: 1 },
  ],
  [
    'two executions are a duplicate',
    { acknowledged: once, runs: [run('a'), run('a', { workflowId: 'other' })], effects: effects(1, 1) },
    { duplicates: 1 },
  ],
  [
    'an action that began twice is a duplicate',
    { acknowledged: once, runs: [run('a')], effects: effects(2, 1) },
    { duplicates: 1 },
  ],
  [
    'unless its metadata allows it',
    { acknowledged: [{ id: 'a', kind: 'again' }], runs: [run('a')], effects: effects(2, 1) },
    {},
  ],
  [
    'an execution that runs on is stuck',
    { acknowledged: once, runs: [run('a', { running: true, status: 'running' })], effects: effects(1, 0) },
    { stuck: 1 },
  ],
  [
    'abandoned is counted apart',
    { acknowledged: once, runs: [run('a', { status: 'abandoned' })], effects: effects(1, 0) },
    { abandoned: 1 },
  ],
])('%s', (_name, evidence, expected) => expect(judge(evidence)).toEqual({ ...NONE, ...expected }));
