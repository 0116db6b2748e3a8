import { performance } from 'node:perf_hooks';
import type { JsonObject } from '../../src/model/json';
import { evaluate } from '../../src/rules/evaluate';
import { indexRules } from '../../src/rules/index-by-trigger';
import type { RuleIndex } from '../../src/rules/index-by-trigger';
import { median } from '../lib/statistics';
import { TRIGGER, goodPayloads, poisonPayload, rules } from './workload';

const NOW = { now: Date.UTC(2026, 0, 1) };
const EVENTS = 2_000;

/** Index and verdicts, without any log or database. */
export interface PurePath {
  /** Each good event's own time, milliseconds; after every `every`-th one, untimed, a poisonous one (0: none). */
  segment(milliseconds: number, every: number): number[];
  /** What one poisonous event takes, milliseconds: so long those behind it wait at most. */
  costOf(kind: 'bomb' | 'template'): number;
}

export function purePath(): PurePath {
  const index = indexRules(rules());
  const events = goodPayloads(EVENTS);
  const poison = [poisonPayload('bomb'), poisonPayload('template')];
  return {
    segment: (milliseconds, every) => {
      const samples: number[] = [];
      const end = performance.now() + milliseconds;
      for (let n = 0; performance.now() < end; n += 1) {
        samples.push(timed(index, events[n % events.length] as JsonObject));
        if (every > 0 && n % every === 0) timed(index, poison[(n / every) % poison.length] as JsonObject);
      }
      return samples;
    },
    costOf: (kind) => median(Array.from({ length: 21 }, () => timed(index, poisonPayload(kind)))),
  };
}

function timed(index: RuleIndex, payload: JsonObject): number {
  const began = performance.now();
  const event = { trigger: TRIGGER, payload };
  const verdicts = evaluate(event, index.candidates(event), NOW);
  if (verdicts.length === 0) throw new Error('no rule was asked');
  return performance.now() - began;
}
