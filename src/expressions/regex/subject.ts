const PAIRS = /[\ud800-\udfff]/;

/** Text as the matcher sees it: code points by position, as Python counts. */
export class Subject {
  readonly codes: Uint16Array | Uint32Array;
  readonly length: number;
  private readonly offsets: Uint32Array | null = null;

  constructor(readonly text: string) {
    if (!PAIRS.test(text)) {
      this.codes = units(text);
      this.length = text.length;
      return;
    }
    const chars = Array.from(text);
    this.length = chars.length;
    this.codes = Uint32Array.from(chars, (char) => char.codePointAt(0) as number);
    this.offsets = new Uint32Array(chars.length + 1);
    let offset = 0;
    for (let index = 0; index < chars.length; index += 1) {
      offset += (chars[index] as string).length;
      this.offsets[index + 1] = offset;
    }
  }

  slice(start: number, end: number): string {
    if (!this.offsets) return this.text.slice(start, end);
    return this.text.slice(this.offsets[start], this.offsets[end]);
  }

  /** The first position from `start` on where a literal stands; -1 when there is none. */
  find(literal: string, start: number): number {
    if (!this.offsets) return this.text.indexOf(literal, start);
    const offset = this.text.indexOf(literal, this.offsets[start]);
    return offset < 0 ? -1 : this.offsets.indexOf(offset);
  }
}

function units(text: string): Uint16Array {
  const codes = new Uint16Array(text.length);
  for (let index = 0; index < text.length; index += 1) codes[index] = text.charCodeAt(index);
  return codes;
}
