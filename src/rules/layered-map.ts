/**
 * A map that never changes: a change gives another map, which shares all but the keys of its last changes with the one it came from. Looking up
 * costs two look-ups at most, a change about the square root of the size.
 */
export class LayeredMap<K, V> {
  private constructor(
    private readonly base: ReadonlyMap<K, V>,
    /** What differs from the base; undefined: taken out. */
    private readonly over: ReadonlyMap<K, V | undefined>,
    readonly size: number,
  ) {}

  static empty<K, V>(): LayeredMap<K, V> {
    return new LayeredMap<K, V>(new Map(), new Map(), 0);
  }

  get(key: K): V | undefined {
    if (this.over.size === 0) return this.base.get(key);
    const own = this.over.get(key);
    return own !== undefined || this.over.has(key) ? own : this.base.get(key);
  }

  *entries(): Generator<[K, V], void> {
    for (const entry of this.base) if (!this.over.has(entry[0])) yield entry;
    for (const [key, value] of this.over) if (value !== undefined) yield [key, value];
  }

  /** This map with other values at some keys, or with keys taken out (undefined). */
  changed(changes: ReadonlyMap<K, V | undefined>): LayeredMap<K, V> {
    if (changes.size === 0) return this;
    let { size } = this;
    for (const [key, value] of changes) size += Number(value !== undefined) - Number(this.get(key) !== undefined);
    const over = this.over.size === 0 ? changes : new Map([...this.over, ...changes]);
    if (over.size <= 2 * Math.sqrt(this.base.size)) return new LayeredMap(this.base, over, size);
    const base = new Map(this.base);
    for (const [key, value] of over) {
      if (value === undefined) base.delete(key);
      else base.set(key, value);
    }
    return new LayeredMap(base, new Map(), size);
  }
}
