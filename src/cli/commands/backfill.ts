import type { Command } from 'commander';
import type { JsonObject, JsonValue } from '../../model/json';
import { isJsonObject } from '../../model/json';
import { backfillLines, numbersOf } from '../backfill-lines';
import { untilEnded } from '../follow-backfill';
import type { CliIo } from '../io';
import { CliError, EXIT } from '../io';
import { expectObject, openSession } from '../session';
import type { Session } from '../session';

const COLUMNS = [
  { title: 'ID', path: 'id' },
  { title: 'RULE', path: 'rule.ref' },
  { title: 'STATUS', path: 'status' },
  { title: 'PHASE', path: 'phase' },
  { title: 'DRY RUN', path: 'dry_run' },
  { title: 'WOULD START', path: 'counts.would_start' },
  { title: 'STARTED', path: 'starts.started' },
  { title: 'BEGUN', path: 'start_timestamp' },
];

interface BackfillOptions {
  from: string;
  to?: string;
  rate?: string;
  dryRun?: boolean;
  yes?: boolean;
}

/** Adds `rule backfill <rule>` and `rule backfills [id]` to the group `rule`. */
export function addBackfill(program: Command, io: CliIo): void {
  const group = program.commands.find((command) => command.name() === 'rule');
  group
    ?.command('backfill <rule>')
    .description('hold a rule against a range of the log; after a count, start what never ran')
    .requiredOption('--from <time>', 'from this time of the log on (ISO 8601; UTC unless it says otherwise)')
    .option('--to <time>', 'until before this time (default: now)')
    .option('--rate <rate>', 'executions to start, at most: 50/s, 30/m (default: 50/s)')
    .option('--dry-run', 'count, and start nothing')
    .option('-y, --yes', 'start without asking')
    .action((rule: string, options: BackfillOptions, command: Command) =>
      backfill(openSession(command, io), io, { rule, options }),
    );
  group
    ?.command('backfills [id]')
    .description('backfills, newest first, or one of them')
    .option('--rule <ref>', 'of this rule')
    .option('-n, --limit <number>', 'at most this many', '50')
    .option('--cancel', 'end the one of this id')
    .action(async (id: string | undefined, options: ListOptions, command: Command) => {
      const session = openSession(command, io);
      if (id !== undefined) return one(session, id, options.cancel === true);
      if (options.cancel) throw new CliError('--cancel: expected the id of a backfill', EXIT.usage);
      const query = new URLSearchParams({ limit: options.limit });
      if (options.rule !== undefined) query.set('rule', options.rule);
      session.table((await session.api.request('GET', `/backfills?${query}`)).body, COLUMNS);
    });
}

interface ListOptions {
  rule?: string;
  limit: string;
  cancel?: boolean;
}

async function one(session: Session, id: string, cancel: boolean): Promise<void> {
  const path = `/backfills/${encodeURIComponent(id)}`;
  const found = expectObject((await session.api.request(cancel ? 'DELETE' : 'GET', path)).body);
  if (session.json) session.document(found, []);
  else if (cancel) session.line(`backfill ${id} is asked to end`);
  else for (const line of backfillLines(found)) session.line(line);
}

interface Asking {
  rule: string;
  options: BackfillOptions;
}

/** Counts first, always; what people agree to is what was counted: the same range. */
async function backfill(session: Session, io: CliIo, asking: Asking): Promise<void> {
  const { rule, options } = asking;
  const confirm = confirming(session, io, options);
  const asked = await ask(session, asking, { dry_run: true });
  for (const line of session.json ? [] : remarks(asked['rule'])) session.line(line);
  const counted = await untilEnded(session, io, asked);
  if (counted === null) return;
  tell(session, counted);
  if (options.dryRun || failed(counted)) return ended(session, counted);
  const question = questionOf(rule, numbersOf(counted['counts']));
  if (question === null) return nothingDone(session, counted, 'there is nothing to start');
  if (!(await confirm(question))) return nothingDone(session, counted, 'nothing was started');
  const made = await untilEnded(session, io, await ask(session, asking, { to: counted['to'] ?? null, dry_run: false }));
  if (made === null) return;
  tell(session, { ...made, samples: [] });
  ended(session, made);
}

function confirming(session: Session, io: CliIo, options: BackfillOptions): (question: string) => Promise<boolean> {
  if (options.yes || options.dryRun) return () => Promise.resolve(true);
  if (io.confirm && !session.json) return io.confirm;
  throw new CliError('nobody can be asked here: give --yes to start, or --dry-run to count only', EXIT.usage);
}

function questionOf(rule: string, { would_start: starts = 0, shadowed = 0 }: Record<string, number>): string | null {
  if (starts > 0) return `Start ${starts} executions of ${rule}?`;
  return shadowed > 0 ? `Record ${shadowed} matches of ${rule}?` : null;
}

function nothingDone(session: Session, counted: JsonObject, why: string): void {
  if (!session.json) session.line(why);
  ended(session, counted);
}

async function ask(session: Session, { rule, options }: Asking, more: JsonObject): Promise<JsonObject> {
  const { from, to = null, rate = null } = options;
  const path = `/rules/${encodeURIComponent(rule)}/backfills`;
  return expectObject((await session.api.request('POST', path, { from, to, rate, ...more })).body);
}

function tell(session: Session, view: JsonObject): void {
  if (!session.json) for (const line of backfillLines(view)) session.line(line);
}

const failed = ({ status }: JsonObject): boolean => status !== 'succeeded';

function ended(session: Session, view: JsonObject): void {
  if (session.json) session.document(view, []);
  if (failed(view)) throw new CliError(`the backfill ended as ${String(view['status'])}`, EXIT.failed);
}

/** What people should know of the rule. */
function remarks(rule: JsonValue | undefined): string[] {
  if (!isJsonObject(rule)) return [];
  return [
    ...(rule['enabled'] === false ? ['note: the rule is disabled; it is backfilled all the same'] : []),
    ...(rule['mode'] === 'shadow'
      ? ['note: the rule is in shadow mode: matches are recorded, nothing is started']
      : []),
  ];
}
