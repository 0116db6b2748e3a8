import { median, medianRatio, percentile, rounded } from '../lib/statistics';
import type { LoadResult } from '../lib/load';
import type { Side } from './sides';

/** What one side did in one round. */
export interface Segment {
  side: Side;
  round: number;
  throughput: LoadResult;
  latency: LoadResult;
  /** CPU time per execution while throughput was measured and until the read model had settled, milliseconds by process. */
  cpuMs: Record<string, number>;
  /** From the last end until the read model showed everything, milliseconds (0 for the bare side). */
  settleMs: number;
}

/** The last line of the benchmark. Ratios are Everstorm over bare, each the median of its rounds' ratios; times in milliseconds. */
export type OverheadResult = Record<string, number>;

export function resultOf(segments: readonly Segment[]): OverheadResult {
  const of = (side: Side): Segment[] =>
    segments.filter((segment) => segment.side === side).sort((a, b) => a.round - b.round);
  const perSecond = (side: Side): number[] =>
    of(side).map(({ throughput }) => (throughput.samplesMs.length * 1_000) / throughput.elapsedMs);
  const latency = (side: Side, share: number): number[] =>
    of(side).map(({ latency: { samplesMs } }) => percentile(samplesMs, share));
  const serial = (side: Side): number[] => of(side).flatMap((segment) => segment.latency.samplesMs);
  const ratios = (side: Side, suffix: string): OverheadResult => ({
    [`throughput_ratio${suffix}`]: rounded(medianRatio(perSecond(side), perSecond('bare'))),
    [`p50_ratio${suffix}`]: rounded(medianRatio(latency(side, 0.5), latency('bare', 0.5))),
    // A round has too few samples for a 99th percentile of its own, so this one is of all rounds together.
    [`p99_ratio${suffix}`]: rounded(percentile(serial(side), 0.99) / percentile(serial('bare'), 0.99)),
  });
  return {
    ...ratios('api', ''),
    event_p50_ms: rounded(percentile(serial('rule'), 0.5)),
    ...ratios('rule', '_rule'),
    bare_p50_ms: rounded(percentile(serial('bare'), 0.5)),
    api_p50_ms: rounded(percentile(serial('api'), 0.5)),
    bare_per_second: rounded(median(perSecond('bare'))),
    api_per_second: rounded(median(perSecond('api'))),
    rule_per_second: rounded(median(perSecond('rule'))),
    settle_ms: rounded(median([...of('api'), ...of('rule')].map(({ settleMs }) => settleMs))),
    samples: segments.reduce(
      (sum, { throughput, latency: { samplesMs } }) => sum + throughput.samplesMs.length + samplesMs.length,
      0,
    ),
  };
}

/** One line for people about a segment. */
export function lineOf({ side, round, throughput, latency, settleMs, cpuMs }: Segment): string {
  const perSecond = (throughput.samplesMs.length * 1_000) / throughput.elapsedMs;
  const p50 = percentile(latency.samplesMs, 0.5);
  const cpu = Object.entries(cpuMs).map(([name, ms]) => `${name} ${ms.toFixed(1)}`);
  return `round ${round} ${side.padEnd(4)} ${perSecond.toFixed(1).padStart(6)}/s  p50 ${p50.toFixed(1)} ms  settled after ${settleMs.toFixed(0)} ms  cpu/execution ${cpu.join(', ')}`;
}
