import type { Command } from 'commander';
import type { JsonObject, JsonValue } from '../../model/json';
import { isJsonObject } from '../../model/json';
import type { CliIo } from '../io';
import { expectObject, openSession } from '../session';

const RULE_COLUMNS = [
  { title: 'RULE', path: 'rule.ref' },
  { title: 'OUTCOME', path: 'outcome' },
  { title: 'NEARLY', path: 'nearly' },
  { title: 'AGAINST', path: 'against' },
  { title: 'EXECUTION', path: 'execution.id' },
  { title: 'REASON', path: 'reason' },
];

/** Adds `rule explain <rule> <instance>` and `trigger-instance explain <instance>` to the groups of these names. */
export function addExplain(program: Command, io: CliIo): void {
  const group = (name: string): Command | undefined => program.commands.find((command) => command.name() === name);
  group('rule')
    ?.command('explain <rule> <trigger-instance>')
    .description('why a rule did or did not fire for an event')
    .action(async (rule: string, instance: string, _options: object, command: Command) => {
      const session = openSession(command, io);
      const query = new URLSearchParams({ trigger_instance: instance });
      const { body } = await session.api.request('GET', `/rules/${encodeURIComponent(rule)}/explain?${query}`);
      if (session.json) session.document(body, []);
      else for (const line of explanationLines(expectObject(body))) session.line(line);
    });
  group('trigger-instance')
    ?.command('explain <id>')
    .description('what all rules of its trigger say of an event')
    .action(async (id: string, _options: object, command: Command) => {
      const session = openSession(command, io);
      const { body } = await session.api.request('GET', `/triggerinstances/${encodeURIComponent(id)}/explain`);
      if (session.json) session.document(body, []);
      else session.table(expectObject(body)['rules'] ?? [], RULE_COLUMNS);
    });
}

const shown = (value: JsonValue | undefined): string => (value === undefined ? '(nothing)' : JSON.stringify(value));
const field = (value: JsonValue | undefined, name: string): JsonValue | undefined =>
  isJsonObject(value) ? value[name] : undefined;

/** An explanation for people: the verdict, a line for each criterion, and what came of it. */
export function explanationLines(explanation: JsonObject): string[] {
  const criteria = Array.isArray(explanation['criteria']) ? explanation['criteria'] : [];
  const { reason, parameters, parameters_error: problem } = explanation;
  const execution = explanation['execution'];
  return [
    `rule ${String(field(explanation['rule'], 'ref'))}: ${String(explanation['outcome'])}`,
    ...(reason === undefined ? [] : [`  ${String(reason)}`]),
    ...criteria.flatMap(criterionLines),
    ...(parameters === undefined ? [] : [`  ${String(explanation['action'])} is given ${shown(parameters)}`]),
    ...(problem === undefined ? [] : [`  ${String(explanation['action'])} can't be started: ${String(problem)}`]),
    ...memoryLines(explanation['memory']),
    ...(execution === undefined
      ? []
      : [`  execution ${String(field(execution, 'id'))}: ${String(field(execution, 'status'))}`]),
  ];
}

/** What a rule with a time condition or a guard keeps in mind of the event's key. */
function memoryLines(memory: JsonValue | undefined): string[] {
  const now = field(memory, 'now');
  const facts = isJsonObject(now) ? Object.entries(now).filter(([name]) => name !== 'key') : [];
  if (memory === undefined) return [];
  const known = facts.map(([name, value]) => `${name} ${String(value)}`).join(', ');
  return [`  key ${shown(field(memory, 'key'))}: ${known || 'nothing is kept in mind now'}`];
}

function criterionLines(criterion: JsonValue): string[] {
  const members = field(criterion, 'members');
  if (Array.isArray(members)) return groupLines(criterion, members);
  const [code, reason] = [field(criterion, 'code'), field(criterion, 'reason')];
  const sign = code !== undefined ? '!' : field(criterion, 'matched') === true ? '✓' : '✗';
  const asked = field(criterion, 'asked') === false ? ' (not asked any more)' : '';
  const saw = `saw ${shown(field(criterion, 'value'))}`;
  const pattern = field(criterion, 'pattern');
  const against = pattern === undefined ? '' : ` ${shown(pattern)}`;
  const line = `  ${sign} ${String(field(criterion, 'key'))} ${String(field(criterion, 'operator'))}${against}: ${saw}${asked}`;
  return reason === undefined ? [line] : [line, `      ${String(code)}: ${String(reason)}`];
}

/** A group, with the criteria of each member below it. */
function groupLines(group: JsonValue, members: readonly JsonValue[]): string[] {
  const sign = field(group, 'code') !== undefined ? '!' : field(group, 'matched') === true ? '✓' : '✗';
  const asked = field(group, 'asked') === false ? ' (not asked any more)' : '';
  const within = members.flatMap((member) =>
    (Array.isArray(member) ? member : [])
      .flatMap(criterionLines)
      .map((line, index) => (index === 0 ? `  -${line.slice(1)}` : `   ${line.slice(1)}`)),
  );
  return [`  ${sign} ${String(field(group, 'key'))}${asked}`, ...within.map((line) => ` ${line}`)];
}
