import { canonical } from './case-fold';
import { Op } from './matcher';
import { GREEDY, LAZY, POSSESSIVE } from './operations';
import type { Instruction, Program } from './operations';
import { UNLIMITED, width } from './syntax';
import type { Node } from './syntax';

const MODES = { greedy: GREEDY, lazy: LAZY, possessive: POSSESSIVE } as const;

/** Translates a pattern's tree to the matcher's operations. */
export function compileProgram(root: Node, groups: number): Program {
  const compiler = new Compiler((groups + 1) * 2);
  compiler.node(root);
  compiler.emit(Op.End);
  compiler.hints();
  return { code: compiler.code, registers: compiler.registers };
}

class Compiler {
  readonly code: Instruction[] = [];
  constructor(public registers: number) {}

  emit(op: Op, rest: Partial<Instruction> = {}): Instruction {
    const instruction = instructionOf(op, rest);
    this.code.push(instruction);
    return instruction;
  }

  node(node: Node): void {
    const single = singleOf(node);
    if (single) {
      this.code.push(single);
      return;
    }
    switch (node.type) {
      case 'sequence':
        node.items.forEach((item) => this.node(item));
        return;
      case 'plain-group':
        this.node(node.item);
        return;
      case 'at':
        this.emit(Op.At, { position: node.position, ascii: node.ascii });
        return;
      case 'branch':
        this.branch(node.options);
        return;
      case 'group':
        this.emit(Op.Save, { x: node.index * 2 });
        this.node(node.item);
        this.emit(Op.Save, { x: node.index * 2 + 1 });
        return;
      case 'reference':
        this.emit(Op.Reference, { x: node.group * 2, flag: node.fold, ascii: node.ascii });
        return;
      default:
        this.compound(node);
    }
  }

  private compound(node: Node): void {
    switch (node.type) {
      case 'repeat':
        this.repeat(node);
        return;
      case 'atomic':
        this.enclosed(this.emit(Op.Atomic), node.item);
        return;
      case 'look':
        this.enclosed(this.emit(Op.Look, { flag: node.negated, y: node.behind ? width(node.item).low : 0 }), node.item);
        return;
      case 'conditional': {
        const test = this.emit(Op.Conditional, { x: node.group * 2 });
        this.node(node.yes);
        const jump = this.emit(Op.Jump);
        test.y = this.code.length;
        this.node(node.no);
        jump.x = this.code.length;
        return;
      }
      default:
        return;
    }
  }

  /** A part that runs on its own up to `End`; `x` of its head is where it goes on. */
  private enclosed(head: Instruction, item: Node): void {
    this.node(item);
    this.emit(Op.End);
    head.x = this.code.length;
  }

  private branch(options: readonly Node[]): void {
    const jumps: Instruction[] = [];
    options.forEach((option, index) => {
      if (index === options.length - 1) {
        this.node(option);
        return;
      }
      const split = this.emit(Op.Split);
      this.node(option);
      jumps.push(this.emit(Op.Jump));
      split.x = this.code.length;
    });
    for (const jump of jumps) jump.x = this.code.length;
  }

  private repeat(node: Extract<Node, { type: 'repeat' }>): void {
    const one = singleOf(node.item);
    if (one) {
      this.emit(Op.One, { one, x: node.min, y: node.max, mode: MODES[node.mode] });
      return;
    }
    if (node.mode === 'possessive') {
      const item: Node = { type: 'atomic', item: node.item };
      this.enclosed(this.emit(Op.Atomic), { ...node, mode: 'greedy', item });
      return;
    }
    const register = this.registers;
    this.registers += 2;
    const start = this.emit(Op.LoopStart, { x: register });
    const body = this.code.length;
    this.node(node.item);
    start.y = this.code.length;
    const lazy = node.mode === 'lazy';
    const loop = { x: register, y: node.min, z: node.max, next: body };
    this.emit(Op.Loop, { ...loop, flag: lazy });
    if (lazy) this.emit(Op.LoopMore, loop);
  }

  /** Notes for each repeated character which literal must follow it, so that fewer ends are tried. */
  hints(): void {
    this.code.forEach((instruction, index) => {
      if (instruction.op !== Op.One) return;
      let next = this.code[index + 1] as Instruction;
      while (next.op === Op.Save) next = this.code[this.code.indexOf(next) + 1] as Instruction;
      if (next.op === Op.Char) instruction.next = next.x;
    });
  }
}

function instructionOf(op: Op, rest: Partial<Instruction>): Instruction {
  return {
    op,
    x: rest.x ?? 0,
    y: rest.y ?? 0,
    z: rest.z ?? UNLIMITED,
    set: rest.set ?? null,
    ascii: rest.ascii ?? false,
    flag: rest.flag ?? false,
    mode: rest.mode ?? GREEDY,
    position: rest.position ?? 'start',
    one: rest.one ?? null,
    next: rest.next ?? -1,
  };
}

/** The operation for exactly one character; null for anything else. */
function singleOf(node: Node): Instruction | null {
  switch (node.type) {
    case 'char': {
      const folded = node.fold ? canonical(node.code, node.ascii) : node.code;
      return node.fold && hasCase(node.code, node.ascii)
        ? instructionOf(Op.Folded, { x: folded, ascii: node.ascii })
        : instructionOf(Op.Char, { x: node.code });
    }
    case 'any':
      return instructionOf(node.newline ? Op.Every : Op.Any, {});
    case 'set':
      return instructionOf(Op.Set, { set: node.set });
    case 'plain-group':
      return singleOf(node.item);
    default:
      return null;
  }
}

function hasCase(code: number, ascii: boolean): boolean {
  if (code < 128) return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return !ascii;
}
