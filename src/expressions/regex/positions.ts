import { isWord } from './categories';
import type { Instruction } from './operations';

interface Place {
  codes: ArrayLike<number>;
  end: number;
  position: number;
}

/** Whether `^`, `$`, `\b` and their kin hold at a place. */
// eslint-disable-next-line complexity -- a case per kind of position
export function holds(at: Instruction, { codes, end, position }: Place): boolean {
  switch (at.position) {
    case 'start':
      return position === 0;
    case 'line-start':
      return position === 0 || codes[position - 1] === 10;
    case 'end':
      return position >= end - 1 && (position === end || codes[position] === 10);
    case 'line-end':
      return position === end || codes[position] === 10;
    case 'string-end':
      return position === end;
    case 'boundary':
      return end > 0 && atBoundary({ codes, end, position }, at.ascii);
    case 'not-boundary':
      return end > 0 && !atBoundary({ codes, end, position }, at.ascii);
  }
}

function atBoundary({ codes, end, position }: Place, ascii: boolean): boolean {
  const before = position > 0 && isWord(codes[position - 1] as number, ascii);
  const after = position < end && isWord(codes[position] as number, ascii);
  return before !== after;
}
