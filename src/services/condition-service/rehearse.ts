import { ShardMachine } from '../../conditions/shard-machine';
import { messageOf } from '../../model/errors';
import type { JsonObject } from '../../model/json';
import type { Rule } from '../../model/rule';
import type { Decision, Tell } from '../../model/shard';
import { compileRule } from '../../rules/compile';
import type { CompiledRule } from '../../rules/compile';
import { evaluateRule } from '../../rules/evaluate';
import { answerRule, compileRemembering } from '../../rules/remember';
import type { RememberingRule } from '../../rules/remember';

/** An event of a rehearsal. Milliseconds since the epoch; without a trigger it is of the rule's own. */
export interface RehearsedEvent {
  at: number;
  trigger?: string;
  payload: JsonObject;
}

/** What a rule says, and when: of the event with this number (from 1). */
export interface RehearsalStep {
  /** ISO 8601. */
  time: string;
  event: number;
  says: 'fires' | 'suppressed' | 'remembered' | 'answers' | 'not-matched' | 'failed';
  key?: string;
  reason?: string;
}

/**
 * Plays events to a rule on a clock of their own, time conditions and storm guard included, until nothing more can happen. Executions take no
 * time: a limit on how many run at once is never met. Pure.
 */
export function rehearse(rule: Rule, events: readonly RehearsedEvent[]): RehearsalStep[] {
  const rehearsal = new Rehearsal(rule);
  const ordered = events.map((event, index) => ({ ...event, number: index + 1 })).sort((a, b) => a.at - b.at);
  for (const event of ordered) rehearsal.play(event);
  rehearsal.runTo(Infinity);
  return rehearsal.steps;
}

type Numbered = RehearsedEvent & { number: number };

class Rehearsal {
  readonly steps: RehearsalStep[] = [];
  private readonly own: RememberingRule;
  private readonly machine: ShardMachine;
  private readonly compiled: CompiledRule;
  private readonly answer: CompiledRule | null;

  constructor(rule: Rule) {
    this.own = compileRemembering(rule);
    this.machine = new ShardMachine(this.own.spec);
    this.compiled = compileRule(rule);
    const answers = answerRule(rule);
    this.answer = answers && compileRule(answers);
  }

  play(event: Numbered): void {
    this.runTo(event.at);
    const { answer } = this;
    try {
      const mayAnswer = answer && event.trigger !== undefined && isOf(event.trigger, answer.rule);
      if (mayAnswer) this.playAnswer(answer, event);
      if (!mayAnswer || isOf(event.trigger ?? '', this.compiled.rule)) this.playOwn(event);
    } catch (error) {
      this.say(event, 'failed', { reason: messageOf(error) });
    }
  }

  /** Lets the clock run to a time, or until nothing is waited for. */
  runTo(until: number): void {
    const { machine } = this;
    for (let next = machine.nextAt(); next !== null && next <= until; next = machine.nextAt())
      this.tell([...machine.due(next), ...machine.expire(next, next)], next);
  }

  private playAnswer(answer: CompiledRule, event: Numbered): void {
    if (evaluateRule(answer, event.payload, { now: event.at }).kind !== 'matched')
      return this.say(event, 'not-matched');
    const key = this.own.answerKeyOf?.(event.payload) ?? '';
    this.say(event, 'answers', { key });
    this.tell(this.machine.tell([{ k: key, ...happened(event), r: 1 }], event.at), event.at);
  }

  private playOwn(event: Numbered): void {
    const { own, machine } = this;
    const { kind, reason } = evaluateRule(this.compiled, event.payload, { now: event.at });
    if (kind !== 'matched') return this.say(event, kind, reason === undefined ? {} : { reason });
    const key = own.keyOf(event.payload);
    const guardKey = own.guardKeyOf?.(event.payload);
    const decisions = machine.tell(
      [{ k: key, ...happened(event), ...(guardKey === undefined ? {} : { g: guardKey }) }],
      event.at,
    );
    this.tell(decisions, event.at);
    if (decisions.length === 0) this.say(event, 'remembered', { key });
  }

  private say(
    { number, at }: Pick<Numbered, 'number' | 'at'>,
    says: RehearsalStep['says'],
    more: Partial<RehearsalStep> = {},
  ): void {
    this.steps.push({ time: new Date(at).toISOString(), event: number, says, ...more });
  }

  private tell(decisions: readonly Decision[], at: number): void {
    for (const decision of decisions) {
      const { kind, key, instance } = decision;
      if (kind === 'fire') this.machine.started(instance, null);
      const reason = kind === 'fire' ? because(decision) : decision.reason;
      const says = kind === 'fire' ? 'fires' : 'suppressed';
      this.say({ number: parseInt(instance, 16), at }, says, { key, ...(reason ? { reason } : {}) });
    }
  }
}

const happened = ({ at, number }: Numbered): Pick<Tell, 'a' | 'i' | 'e'> => ({
  a: at,
  i: number.toString(16).padStart(24, '0'),
  e: String(number),
});
const isOf = (trigger: string, { trigger: own }: Rule): boolean => trigger === own.ref || trigger === own.type;

function because({ facts }: Extract<Decision, { kind: 'fire' }>): string {
  return facts ? `${facts.type}: ${facts.count} from ${facts.since} to ${facts.until}` : '';
}
