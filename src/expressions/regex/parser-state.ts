import { beyondBound } from '../errors';
import { reprString } from '../python/text';
import { regexError } from './source';
import type { Source } from './source';
import { width } from './syntax';
import type { Node, Width } from './syntax';

const MAX_NESTING = 100;

/** What a parse knows of its groups. */
export class GroupState {
  readonly names = new Map<string, number>();
  private readonly open = new Set<number>();
  /** Groups named by number in conditions, with the place; they may come later. */
  private readonly conditions = new Map<number, number>();
  /** The first group that a look-behind which is being parsed may not refer to. */
  private closedBefore: number | null = null;
  private readonly widths = new Map<number, Width>();
  private depth = 0;
  /** True once a look-behind was met that can match texts of different lengths. */
  variableLookBehind = false;
  count = 0;

  openGroup(name: string | undefined, source: Source): number {
    this.count += 1;
    if (name !== undefined) {
      const known = this.names.get(name);
      if (known !== undefined) {
        const message = `redefinition of group name ${reprString(name)} as group ${this.count}; was group ${known}`;
        throw source.error(message, source.at - name.length - 1);
      }
      this.names.set(name, this.count);
    }
    this.open.add(this.count);
    return this.count;
  }
  closeGroup(index: number, item: Node): void {
    this.open.delete(index);
    this.widths.set(index, width(item));
  }
  widthOf(group: number): Width {
    return this.widths.get(group) as Width;
  }
  /** Checks a reference to a group, at the place it was written. */
  refer(group: number, source: Source, at: number): void {
    if (group > this.count || group === 0) throw source.error(`invalid group reference ${group}`, at + 1);
    if (this.open.has(group)) throw source.error('cannot refer to an open group', at);
    this.checkLookBehind(group, source, source.at);
  }
  /** A condition on a group that may come later; {@link finish} checks it. */
  condition(group: number, source: Source, at: number): void {
    if (!this.conditions.has(group)) this.conditions.set(group, at);
    this.checkLookBehind(group, source, source.at);
  }
  checkLookBehind(group: number, source: Source, at: number): void {
    if (this.closedBefore === null) return;
    if (group > this.count || this.open.has(group)) throw source.error('cannot refer to an open group', at);
    if (group >= this.closedBefore)
      throw source.error('cannot refer to group defined in the same lookbehind subpattern', at);
  }
  lookBehind<T>(work: () => T): T {
    const outer = this.closedBefore;
    this.closedBefore ??= this.count + 1;
    const result = work();
    this.closedBefore = outer;
    return result;
  }
  nested<T>(work: () => T): T {
    this.depth += 1;
    if (this.depth > MAX_NESTING) throw beyondBound(`regular expression is nested more than ${MAX_NESTING} deep`);
    const result = work();
    this.depth -= 1;
    return result;
  }
  finish(source: Source): void {
    for (const [group, at] of this.conditions)
      if (group > this.count) throw source.error(`invalid group reference ${group}`, at);
    if (this.variableLookBehind) throw regexError('look-behind requires fixed-width pattern', source.pattern, null);
  }
}
