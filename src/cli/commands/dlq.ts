import type { Command } from 'commander';
import type { JsonObject, JsonValue } from '../../model/json';
import { isJsonObject } from '../../model/json';
import type { CliIo } from '../io';
import { CliError, EXIT } from '../io';
import { expectObject, openSession } from '../session';
import type { Session } from '../session';

const COLUMNS = [
  { title: 'ID', path: 'id' },
  { title: 'CODE', path: 'code' },
  { title: 'TRIGGER', path: 'trigger' },
  { title: 'SET ASIDE', path: 'set_aside_at' },
  { title: 'STATE', path: 'state' },
  { title: 'REASON', path: 'reason' },
];
const FIELDS = [
  'id', 'code', 'reason', 'trigger', 'source', 'event_id', 'occurrence_time', 'trigger_instance', 'rule', 'set_aside_at',
  'state', 'settled', 'content', 'payload', 'record',
]; // prettier-ignore
/** A step through many letters reads each from Kafka. */
const ANSWER_WITHIN_MS = 120_000;

interface ListOptions {
  limit: string;
  code?: string;
  trigger?: string;
  rule?: string;
  settled?: boolean;
  allStates?: boolean;
}

interface SelectOptions {
  all?: boolean;
  code?: string;
  trigger?: string;
}

/** `dlq list|show|redrive|purge`. */
export function addDlq(program: Command, io: CliIo): void {
  const group = program.command('dlq').description('dead letters: records that were set aside, with the reason');
  group
    .command('list')
    .description('dead letters that wait, newest first')
    .option('-n, --limit <number>', 'at most this many', '50')
    .option('--code <code>', 'of this reason (a code of docs/errors.md)')
    .option('--trigger <ref>', 'of this trigger')
    .option('--rule <ref>', 'that this rule broke on')
    .option('--settled', 'those that were redriven or purged instead')
    .option('--all-states', 'those that wait and those that were settled')
    .action(async (options: ListOptions, command: Command) => {
      const session = openSession(command, io);
      const { body } = await session.api.request('GET', `/dlq?${listQuery(options)}`);
      session.table(body, COLUMNS);
    });
  group
    .command('show <id>')
    .description('one dead letter with its payload, or what is wrong with its record')
    .action(async (id: string, _options: object, command: Command) => {
      const session = openSession(command, io);
      session.document((await session.api.request('GET', `/dlq/${encodeURIComponent(id)}`)).body, FIELDS);
    });
  selecting(group.command('redrive [ids...]'))
    .description('put the events of dead letters into the log again, as the ones they were')
    .option('--to-rule <ref>', 'hold them against this rule alone instead')
    .option('--purge', 'settle them without doing anything')
    .action(async (ids: string[], options: SelectOptions & { toRule?: string; purge?: boolean }, command: Command) => {
      if (options.purge && options.toRule !== undefined)
        throw new CliError('give either --purge or --to-rule', EXIT.usage);
      const rule = options.toRule === undefined ? {} : { rule: options.toRule };
      const path = options.purge ? '/dlq/purge' : '/dlq/redrive';
      await settle(openSession(command, io, ANSWER_WITHIN_MS), path, { ...selection(ids, options), ...rule });
    });
  selecting(group.command('purge [ids...]'))
    .description('settle dead letters without doing anything')
    .action(async (ids: string[], options: SelectOptions, command: Command) => {
      await settle(openSession(command, io, ANSWER_WITHIN_MS), '/dlq/purge', selection(ids, options));
    });
}

const selecting = (command: Command): Command =>
  command
    .option('--all', 'all that wait, or those that --code and --trigger leave')
    .option('--code <code>', 'with --all: of this reason')
    .option('--trigger <ref>', 'with --all: of this trigger');

function listQuery({ limit, code, trigger, rule, settled, allStates }: ListOptions): URLSearchParams {
  if (settled && allStates) throw new CliError('give either --settled or --all-states', EXIT.usage);
  const query = new URLSearchParams({ limit, state: settled ? 'settled' : allStates ? 'all' : 'open' });
  for (const [name, value] of Object.entries({ code, trigger, rule })) if (value !== undefined) query.set(name, value);
  return query;
}

function selection(ids: readonly string[], { all, code, trigger }: SelectOptions): JsonObject {
  if (ids.length > 0) {
    if (all || code !== undefined || trigger !== undefined)
      throw new CliError('give either ids, or --all with --code and --trigger', EXIT.usage);
    return { ids: [...ids] };
  }
  if (!all) throw new CliError('give the ids of dead letters, or --all', EXIT.usage);
  return { all, ...(code === undefined ? {} : { code }), ...(trigger === undefined ? {} : { trigger }) };
}

/** Goes through all steps of a request; fails in the end when a letter was refused or a rule failed. */
async function settle(session: Session, path: string, request: JsonObject): Promise<void> {
  const letters: JsonObject[] = [];
  for (let from: JsonValue = null; ;) {
    const { body } = await session.api.request('POST', path, from === null ? request : { ...request, from });
    const { letters: step, next = null } = expectObject(body);
    const outcomes = Array.isArray(step) ? step.filter(isJsonObject) : [];
    letters.push(...outcomes);
    if (!session.json) for (const outcome of outcomes) session.line(outcomeLine(outcome));
    if (next === null) break;
    from = next;
  }
  if (session.json) session.document({ letters }, []);
  else session.line(summary(letters));
  const bad = letters.filter(({ outcome }) => outcome === 'refused' || outcome === 'failed').length;
  if (bad > 0) throw new CliError(`${bad} of ${letters.length} dead letters remain as they were`, EXIT.failed);
}

const said = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');

/** What became of one letter, for people. */
function outcomeLine(letter: JsonObject): string {
  const { id, outcome, rule, execution, enforcement, message, trigger_instance: instance } = letter;
  const to = rule === undefined ? '' : ` by ${said(rule)}`;
  const failure = isJsonObject(enforcement) ? said(enforcement['failure_reason']) : '';
  const led = [
    ...(instance === undefined ? [] : [`as ${said(instance)}`]),
    ...(execution === undefined ? [] : [`execution ${said(execution)}`]),
    ...(message === undefined ? [] : [`${said(letter['code'])}: ${said(message)}`]),
    ...(failure === '' ? [] : [failure]),
  ];
  return `${said(id)}: ${said(outcome)}${to}${led.length > 0 ? `, ${led.join(', ')}` : ''}`;
}

function summary(letters: readonly JsonObject[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of letters) counts.set(said(outcome), (counts.get(said(outcome)) ?? 0) + 1);
  const parts = [...counts].map(([outcome, count]) => `${count} ${outcome}`);
  return parts.length === 0 ? 'no dead letters' : parts.join(', ');
}
