import type { Decision, ShardGuard } from '../model/shard';
import { firing } from './condition';
import type { Candidate } from './condition';
import { Concurrency } from './concurrency';
import { Debounce } from './debounce';
import { passing } from './passage';
import { Throttle } from './throttle';

interface GuardState {
  debounce?: unknown;
  throttle?: unknown;
  concurrency?: unknown;
}

/** A storm guard: debounce, then throttle, then concurrency. Pure; times in milliseconds. */
export class Guard {
  private readonly debounce: Debounce | null;
  private readonly throttle: Throttle | null;
  readonly concurrency: Concurrency | null;

  constructor(spec: ShardGuard, state?: unknown) {
    const known = (state ?? {}) as GuardState;
    this.debounce = spec.debounce ? new Debounce(spec.debounce, known.debounce) : null;
    this.throttle = spec.throttle ? new Throttle(spec.throttle, known.throttle) : null;
    this.concurrency = spec.concurrency ? new Concurrency(spec.concurrency, known.concurrency) : null;
  }

  /** What becomes of candidates now. */
  admit(candidates: readonly Candidate[], now: number): Decision[] {
    return candidates.flatMap((candidate) => {
      const { on, back } = this.debounce?.admit(candidate, now) ?? passing(candidate);
      return [...back.map(suppressed), ...this.afterDebounce(on, now)];
    });
  }

  /** What is due: events after which it stayed quiet, and those whose turn it is. */
  due(now: number): Decision[] {
    const turns = (this.concurrency?.turns() ?? []).map(firing);
    return [...turns, ...this.afterDebounce(this.debounce?.due(now) ?? [], now)];
  }

  nextAt(): number | null {
    return this.concurrency?.hasTurn() ? 0 : (this.debounce?.nextAt() ?? null);
  }

  forget(now: number): void {
    this.throttle?.forget(now);
  }

  /** Everything that waits, held back for a reason: the guard ends. */
  abandon(reason: string): Decision[] {
    const waiting = [...(this.debounce?.waiting() ?? []), ...(this.concurrency?.waiting() ?? [])];
    return waiting.map((candidate) => suppressed({ candidate, reason }));
  }

  state(): GuardState {
    return {
      ...(this.debounce ? { debounce: this.debounce.state() } : {}),
      ...(this.throttle ? { throttle: this.throttle.state() } : {}),
      ...(this.concurrency ? { concurrency: this.concurrency.state() } : {}),
    };
  }

  knows(key: string, now: number): boolean {
    const { begun = 0, running = 0, waiting = 0, due } = this.about(key, now);
    return begun + running + waiting > 0 || due !== undefined;
  }

  about(key: string, now: number): { begun?: number; running?: number; waiting?: number; due?: number } {
    return {
      ...this.throttle?.about(key, now),
      ...this.concurrency?.about(key),
      ...this.debounce?.about(key),
    };
  }

  private afterDebounce(candidates: readonly Candidate[], now: number): Decision[] {
    return candidates.flatMap((candidate) => {
      const throttled = this.throttle?.admit(candidate, now) ?? passing(candidate);
      return [
        ...throttled.back.map(suppressed),
        ...throttled.on.flatMap((admitted) => {
          const { on, back } = this.concurrency?.admit(admitted) ?? passing(admitted);
          return [...back.map(suppressed), ...on.map(firing)];
        }),
      ];
    });
  }
}

const suppressed = ({ candidate, reason }: { candidate: Candidate; reason: string }): Decision => ({
  kind: 'suppress',
  key: candidate.guardKey,
  instance: candidate.instance,
  reason,
});
