import type { Budget } from '../budget';
import { beyondBound } from '../errors';
import { canonical } from './case-fold';
import { LAZY, POSSESSIVE } from './operations';
import type { Instruction, Program } from './operations';
import { holds } from './positions';
import type { Subject } from './subject';

/** Operations of the matcher. They are declared here because only then a compiler puts the numbers in place of the names. */
export const enum Op {
  Char,
  Folded,
  Any,
  Every,
  Set,
  At,
  Split,
  Jump,
  Save,
  One,
  LoopStart,
  Loop,
  LoopMore,
  Atomic,
  Look,
  Reference,
  Conditional,
  End,
}

const FRAME = 4;
/** Kinds of frames on the backtracking stack. */
const CHOICE = 0;
const SAVED = 1;
const GREEDY_ONE = 2;
const LAZY_ONE = 3;
const FAIL = -1;

/** An attempt runs to its end before another begins, so all share one stack; a large one is not kept. */
const KEPT_STACK = 1 << 16;
let sharedStack = new Int32Array(1 << 10);

/** What one attempt must fulfil beside the pattern. */
export interface Demand {
  /** The match must reach the end of the subject. */
  full: boolean;
  /** The match must not be empty. */
  advance: boolean;
}

/**
 * Backtracking matcher of one subject. All its memory of alternatives is on one stack: choices to come back to, and old values of
 * registers to restore on the way. Every operation counts; the budget's bound on matching ends what would take too long.
 */
export class Matcher {
  private stack = sharedStack;
  private top = 0;
  readonly registers: Int32Array;
  private readonly codes: ArrayLike<number>;
  private readonly end: number;
  private readonly limit: number;
  private steps = 0;
  private demand: Demand = { full: false, advance: false };
  private from = 0;

  constructor(
    private readonly program: Program,
    subject: Subject,
    private readonly budget: Budget,
  ) {
    this.registers = new Int32Array(program.registers);
    this.codes = subject.codes;
    this.end = subject.length;
    this.limit = budget.matchingLeft;
  }

  /** Tries a match that begins at `position`; registers 0 and 1 then hold its span. */
  attempt(position: number, demand: Demand): boolean {
    this.registers.fill(-1);
    this.count(this.registers.length >> 5);
    this.top = 0;
    this.demand = demand;
    this.from = position;
    this.stack = sharedStack;
    const stop = this.run(0, position, true);
    if (this.stack.length <= KEPT_STACK) sharedStack = this.stack;
    if (stop === FAIL) return false;
    this.registers[0] = position;
    this.registers[1] = stop;
    return true;
  }

  /** Counts positions skipped without an attempt. */
  skipped(positions: number): void {
    this.count(1 + (positions >> 3));
  }

  /** Reports the steps taken to the budget. */
  finish(): void {
    this.budget.matching(this.steps);
    this.steps = 0;
  }

  private count(steps: number): void {
    this.steps += steps;
    if (this.steps <= this.limit) return;
    this.budget.matching(this.steps);
    throw beyondBound('regular expressions take too many steps');
  }

  private push(kind: number, a: number, b: number, c: number): void {
    if (this.top + FRAME > this.stack.length) {
      const larger = new Int32Array(this.stack.length * 2);
      larger.set(this.stack);
      this.stack = larger;
    }
    const { stack, top } = this;
    stack[top] = kind;
    stack[top + 1] = a;
    stack[top + 2] = b;
    stack[top + 3] = c;
    this.top = top + FRAME;
  }

  private save(register: number, value: number): void {
    this.push(SAVED, register, this.registers[register] as number, 0);
    this.registers[register] = value;
  }

  /** Runs from an operation to its `End`; the position reached, or FAIL when every alternative is used up. */
  // eslint-disable-next-line complexity -- the matcher's one loop: a case per operation
  private run(begin: number, start: number, outermost: boolean): number {
    const { code } = this.program;
    const { codes, end, registers } = this;
    const base = this.top;
    let pc = begin;
    let position = start;
    for (;;) {
      if (++this.steps > this.limit) this.count(0);
      const at = code[pc] as Instruction;
      let failed = false;
      switch (at.op) {
        case Op.Char:
          if (position < end && codes[position] === at.x) position += 1;
          else failed = true;
          pc += 1;
          break;
        case Op.Folded:
        case Op.Any:
        case Op.Every:
        case Op.Set:
          if (position < end && fits(at, codes[position] as number)) position += 1;
          else failed = true;
          pc += 1;
          break;
        case Op.At:
          failed = !holds(at, { codes, end, position });
          pc += 1;
          break;
        case Op.Split:
          this.push(CHOICE, at.x, position, 0);
          pc += 1;
          break;
        case Op.Jump:
          pc = at.x;
          break;
        case Op.Save:
          this.save(at.x, position);
          pc += 1;
          break;
        case Op.One: {
          const reached = this.repeatOne(at, pc, position);
          if (reached === FAIL) failed = true;
          else position = reached;
          pc += 1;
          break;
        }
        case Op.LoopStart:
          this.save(at.x, -1);
          this.save(at.x + 1, -1);
          pc = at.y;
          break;
        case Op.Loop:
          pc = this.loop(at, pc, position);
          break;
        case Op.LoopMore:
          this.save(at.x + 1, position);
          this.save(at.x, (registers[at.x] as number) + 1);
          pc = at.next;
          break;
        case Op.Atomic: {
          const reached = this.enclosed(pc + 1, position);
          if (reached === FAIL) failed = true;
          else position = reached;
          pc = at.x;
          break;
        }
        case Op.Look:
          failed = !this.look(at, pc, position);
          pc = at.x;
          break;
        case Op.Reference: {
          const reached = this.reference(at, position);
          if (reached === FAIL) failed = true;
          else position = reached;
          pc += 1;
          break;
        }
        case Op.Conditional:
          pc = (registers[at.x + 1] as number) >= 0 ? pc + 1 : at.y;
          break;
        case Op.End:
          if (!outermost) return position;
          if ((this.demand.full && position !== end) || (this.demand.advance && position === this.from)) failed = true;
          else return position;
      }
      if (!failed) continue;
      pc = this.backtrack(base);
      if (pc === FAIL) return FAIL;
      position = this.resumed;
    }
  }

  /** Where {@link backtrack} goes on. */
  private resumed = 0;

  /** Goes back to the last choice above `base`: the operation to run next, or FAIL. */
  private backtrack(base: number): number {
    const { registers } = this;
    while (this.top > base) {
      const top = this.top - FRAME;
      const { stack } = this;
      const [a, b] = [stack[top + 1] as number, stack[top + 2] as number];
      this.top = top;
      switch (stack[top] as number) {
        case SAVED:
          registers[a] = b;
          break;
        case CHOICE:
          this.resumed = b;
          return a;
        case GREEDY_ONE: {
          const next = this.shorter(a, b - 1, stack[top + 3] as number);
          if (next !== FAIL) return next;
          break;
        }
        case LAZY_ONE: {
          const next = this.longer(a, b, stack[top + 3] as number);
          if (next !== FAIL) return next;
          break;
        }
      }
    }
    return FAIL;
  }

  /** A repeated character gives back one of those it took, down to `least`, where what follows can match. */
  private shorter(pc: number, position: number, least: number): number {
    const { next } = this.program.code[pc] as Instruction;
    let at = position;
    if (next >= 0) {
      while (at >= least && this.codes[at] !== next) at -= 1;
      this.count((position - at) >> 3);
    }
    if (at < least) return FAIL;
    if (at > least) this.push(GREEDY_ONE, pc, at, least);
    this.resumed = at;
    return pc + 1;
  }

  /** A lazily repeated character takes one more. */
  private longer(pc: number, position: number, left: number): number {
    const instruction = this.program.code[pc] as Instruction;
    if (left <= 0 || position >= this.end || !fits(instruction.one as Instruction, this.codes[position] as number))
      return FAIL;
    this.push(LAZY_ONE, pc, position + 1, left - 1);
    this.steps += 1;
    this.resumed = position + 1;
    return pc + 1;
  }

  private repeatOne(at: Instruction, pc: number, position: number): number {
    const one = at.one as Instruction;
    const lazy = at.mode === LAZY;
    const most = lazy ? at.x : at.y;
    const reached = this.scan(one, position, Math.min(this.end, position + most));
    this.count((reached - position) >> (one.op === Op.Set ? 2 : 3));
    const least = position + at.x;
    if (reached < least) return FAIL;
    if (lazy) {
      this.push(LAZY_ONE, pc, reached, at.y - at.x);
      return reached;
    }
    if (at.mode === POSSESSIVE || reached === least) return reached;
    if (at.next < 0) {
      this.push(GREEDY_ONE, pc, reached, least);
      return reached;
    }
    return this.shorter(pc, reached, least) === FAIL ? FAIL : this.resumed;
  }

  /** The first position from `position` on, at most `limit`, whose character doesn't fit. */
  private scan(one: Instruction, position: number, limit: number): number {
    const { codes } = this;
    let at = position;
    switch (one.op) {
      case Op.Every:
        return Math.max(position, limit);
      case Op.Any:
        while (at < limit && codes[at] !== 10) at += 1;
        return at;
      case Op.Char:
        while (at < limit && codes[at] === one.x) at += 1;
        return at;
      default:
        while (at < limit && fits(one, codes[at] as number)) at += 1;
        return at;
    }
  }

  /** After a round of a loop: into the next round, or on. A round that begins where the one before began is not tried. */
  private loop(at: Instruction, pc: number, position: number): number {
    const { registers } = this;
    const count = (registers[at.x] as number) + 1;
    if (count < at.y) {
      this.save(at.x, count);
      return at.next;
    }
    const exit = at.flag ? pc + 2 : pc + 1;
    if ((count >= at.z && at.z !== 0x7fffffff) || position === registers[at.x + 1]) return exit;
    if (at.flag) {
      this.push(CHOICE, pc + 1, position, 0);
      return exit;
    }
    this.push(CHOICE, exit, position, 0);
    this.save(at.x, count);
    this.save(at.x + 1, position);
    return at.next;
  }

  /** A part whose alternatives are forgotten once it matched; registers it set can still be restored. */
  private enclosed(pc: number, position: number): number {
    const base = this.top;
    const reached = this.run(pc, position, false);
    if (reached === FAIL) return FAIL;
    const { stack } = this;
    let kept = base;
    for (let frame = base; frame < this.top; frame += FRAME) {
      if (stack[frame] !== SAVED) continue;
      stack.copyWithin(kept, frame, frame + FRAME);
      kept += FRAME;
    }
    this.top = kept;
    return reached;
  }

  private look(at: Instruction, pc: number, position: number): boolean {
    const start = position - at.y;
    if (start < 0) return at.flag;
    if (!at.flag) return this.enclosed(pc + 1, start) !== FAIL;
    const base = this.top;
    const found = this.run(pc + 1, start, false) !== FAIL;
    while (this.top > base) {
      this.top -= FRAME;
      if (this.stack[this.top] === SAVED)
        this.registers[this.stack[this.top + 1] as number] = this.stack[this.top + 2] as number;
    }
    return !found;
  }

  private reference(at: Instruction, position: number): number {
    const { codes, registers } = this;
    const [start, stop] = [registers[at.x] as number, registers[at.x + 1] as number];
    if (start < 0 || stop < start) return FAIL;
    const size = stop - start;
    if (position + size > this.end) return FAIL;
    this.count(size >> 3);
    for (let index = 0; index < size; index += 1) {
      const [a, b] = [codes[start + index] as number, codes[position + index] as number];
      if (a !== b && !(at.flag && canonical(a, at.ascii) === canonical(b, at.ascii))) return FAIL;
    }
    return position + size;
  }
}

/** Whether an operation for one character takes this one. */
function fits(one: Instruction, code: number): boolean {
  switch (one.op) {
    case Op.Char:
      return code === one.x;
    case Op.Folded:
      return canonical(code, one.ascii) === one.x;
    case Op.Any:
      return code !== 10;
    case Op.Every:
      return true;
    default:
      return (one.set as NonNullable<Instruction['set']>).has(code);
  }
}
