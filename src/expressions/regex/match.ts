import { failed } from '../errors';
import type { Regex } from './regex';
import type { Subject } from './subject';

/** One match, as Python's: positions count code points, a group that took no part is null. */
export class Match {
  private readonly spans: Int32Array;
  constructor(
    readonly regex: Regex,
    private readonly subject: Subject,
    registers: Int32Array,
  ) {
    this.spans = registers.slice(0, (regex.groups + 1) * 2);
  }
  get text(): string {
    return this.subject.text;
  }
  /** The text of a group. Throws IndexError for an unknown one. */
  group(group: number | string = 0): string | null {
    const [start, end] = this.span(group);
    return start < 0 ? null : this.subject.slice(start, end);
  }
  /** The texts of the groups from 1. */
  allGroups(): (string | null)[] {
    return Array.from({ length: this.regex.groups }, (_, index) => this.group(index + 1));
  }
  span(group: number | string = 0): [number, number] {
    const index = typeof group === 'string' ? this.regex.names.get(group) : group;
    if (index === undefined || index < 0 || index > this.regex.groups) throw failed('no such group', 'IndexError');
    const [start, end] = [this.spans[index * 2] as number, this.spans[index * 2 + 1] as number];
    return end < 0 ? [-1, -1] : [start, end];
  }
  start(group: number | string = 0): number {
    return this.span(group)[0];
  }
  end(group: number | string = 0): number {
    return this.span(group)[1];
  }
}
