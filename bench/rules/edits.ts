import { performance } from 'node:perf_hooks';
import type { Rule } from '../../src/model/rule';
import { indexRules } from '../../src/rules/index-by-trigger';
import { median, percentile, rounded } from '../lib/statistics';
import { rulesOf } from './workload';

const RULES = 100_000;

/** Milliseconds from one edited rule to an index with it, among 100,000 rules of one trigger: typical, and of the slowest of a hundred. */
export interface EditResult {
  edit_ms: number;
  edit_p99_ms: number;
  /** All rules, compiled and arranged anew. */
  index_ms: number;
}

/** Each edit gives a rule the criteria of another: its keys change as well as its place. */
export function measureEdits(edits: number): EditResult {
  const rules = rulesOf('mixed', RULES);
  const began = performance.now();
  let index = indexRules(rules);
  const whole = performance.now() - began;
  const samples: number[] = [];
  for (let n = 0; n < edits; n += 1) {
    const rule = rules[(n * 7_919) % RULES] as Rule;
    const edited = { ...rule, criteria: (rules[(n * 104_729 + 1) % RULES] as Rule).criteria };
    const started = performance.now();
    index = index.changed({ put: [edited], removed: [] });
    samples.push(performance.now() - started);
  }
  if (index.size !== RULES) throw new Error('rules are missing from the index');
  return {
    edit_ms: rounded(median(samples)),
    edit_p99_ms: rounded(percentile(samples, 0.99)),
    index_ms: rounded(whole),
  };
}
