import { setTimeout as pause } from 'node:timers/promises';
import type { Tell } from '../../model/shard';
import type { ShardPlace, Shards } from '../../ports/shards';

interface Word {
  tells: readonly Tell[];
  resolve: () => void;
  reject: (error: unknown) => void;
}
interface Line {
  place: ShardPlace;
  words: Word[];
}

/** So long words for one shard are gathered: each that is sent costs Temporal a signal, whatever its size. Milliseconds. */
const GATHER_MS = 20;

/** Tells shards of events, one word at a time to each; what comes meanwhile is told together next. */
export class Teller {
  private readonly lines = new Map<string, Line>();

  constructor(
    private readonly shards: Pick<Shards, 'tell'>,
    private readonly gatherMs = GATHER_MS,
  ) {}

  /** Resolves once the shard has it for good. Throws UNAVAILABLE: it may have heard it then or not. */
  tell(place: ShardPlace, tells: readonly Tell[]): Promise<void> {
    const { spec, shard } = place;
    const name = `${spec.rule.uid} ${spec.version} ${shard}`;
    return new Promise((resolve, reject) => {
      const word = { tells, resolve, reject };
      const line = this.lines.get(name);
      if (line) return void line.words.push(word);
      const fresh = { place, words: [word] };
      this.lines.set(name, fresh);
      void this.speak(name, fresh);
    });
  }

  private async speak(name: string, line: Line): Promise<void> {
    while (line.words.length > 0) {
      await pause(this.gatherMs);
      const words = line.words.splice(0);
      try {
        await this.shards.tell(
          line.place,
          words.flatMap(({ tells }) => tells),
        );
        for (const { resolve } of words) resolve();
      } catch (error) {
        for (const { reject } of words) reject(error);
      }
    }
    this.lines.delete(name);
  }
}
