/** What was made of texts lately, by text; what was not used for longest goes first. Long texts are not kept. */
export class RecentlyUsed<T> {
  private readonly made = new Map<string, T>();
  constructor(private readonly bounds: { entries: number; textLength: number }) {}

  /** What was made of the text, or what `make` makes of it now. */
  get(text: string, make: () => T): T {
    const known = this.made.get(text);
    if (known !== undefined) {
      this.made.delete(text);
      this.made.set(text, known);
      return known;
    }
    const fresh = make();
    if (text.length > this.bounds.textLength) return fresh;
    if (this.made.size >= this.bounds.entries) this.made.delete(this.made.keys().next().value as string);
    this.made.set(text, fresh);
    return fresh;
  }
}
