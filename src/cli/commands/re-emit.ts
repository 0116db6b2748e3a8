import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { JsonObject, JsonValue } from '../../model/json';
import { isJsonObject } from '../../model/json';
import type { CliIo } from '../io';
import { CliError, EXIT } from '../io';
import { expectObject, openSession } from '../session';
import type { Session } from '../session';

const COLUMNS = [
  { title: 'ID', path: 'id' },
  { title: 'OUTCOME', path: 'outcome' },
  { title: 'NEW ID', path: 'trigger_instance' },
  { title: 'REASON', path: 'reason' },
];
const AT_ONCE = 100;
/** An answer that was lost is asked for again, under the same key. */
const TRIES = 3;
const ANSWER_WITHIN_MS = 120_000;

interface ReEmitOptions {
  trigger?: string;
  from?: string;
  to?: string;
  status?: string;
  key?: string;
  yes?: boolean;
}

/** Adds `trigger-instance re-emit` to the group `trigger-instance`. */
export function addReEmit(program: Command, io: CliIo): void {
  program.commands
    .find((command) => command.name() === 'trigger-instance')
    ?.command('re-emit [ids...]')
    .description('put events into the log again, as new ones')
    .option('--trigger <ref>', 'those of this trigger (with --from)')
    .option('--from <time>', 'that occurred at this time or later (ISO 8601; UTC unless it says otherwise)')
    .option('--to <time>', 'and before this time (default: now)')
    .option('--status <status>', 'with this status, as processing_failed')
    .option('--key <text>', 'of an earlier call: to do that again without doubling anything')
    .option('-y, --yes', 'do it without asking')
    .action(async (ids: string[], options: ReEmitOptions, command: Command) => {
      const session = openSession(command, io, ANSWER_WITHIN_MS);
      if (ids.length > 0 === (options.trigger !== undefined))
        throw new CliError('expected either ids, or --trigger with --from', EXIT.usage);
      const emit = emitter(session, options.key ?? randomUUID());
      const outcomes = ids.length > 0 ? await byId(emit, ids) : await byFilter(session, io, { emit, options });
      if (outcomes === null) return;
      session.table(outcomes, COLUMNS);
      const failures = outcomes.filter(
        (outcome) => isJsonObject(outcome) && outcome['outcome'] !== 're-emitted',
      ).length;
      if (failures > 0) throw new CliError(`${failures} of ${outcomes.length} were not re-emitted`, EXIT.failed);
    });
}

type Emit = (body: JsonObject) => Promise<{ total: number; outcomes: JsonValue[] }>;

function emitter(session: Session, key: string): Emit {
  return async (body) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await session.api.request('POST', '/triggerinstances/re_emit', body, { 'Idempotency-Key': key });
        const { total, trigger_instances: outcomes } = expectObject(answer.body);
        return { total: Number(total), outcomes: Array.isArray(outcomes) ? outcomes : [] };
      } catch (error) {
        if (attempt === TRIES || !(error instanceof CliError) || error.exitCode !== EXIT.unreachable) throw error;
      }
    }
  };
}

async function byId(emit: Emit, ids: readonly string[]): Promise<JsonValue[]> {
  const all: JsonValue[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE)
    all.push(...(await emit({ ids: ids.slice(at, at + AT_ONCE) })).outcomes);
  return all;
}

/** What is asked for is counted and shown first; the range ends at a fixed time, so that nothing re-emitted falls into it. */
async function byFilter(
  session: Session,
  io: CliIo,
  { emit, options }: { emit: Emit; options: ReEmitOptions },
): Promise<JsonValue[] | null> {
  const { trigger = '', from, status, to = new Date().toISOString() } = options;
  if (from === undefined) throw new CliError('--trigger needs --from', EXIT.usage);
  const filter = { trigger, from, to, ...(status === undefined ? {} : { status }) };
  const confirm = options.yes ? () => Promise.resolve(true) : session.json ? undefined : io.confirm;
  if (!confirm) throw new CliError('nobody can be asked here: give --yes', EXIT.usage);
  const { total } = expectObject(
    (await session.api.request('POST', '/triggerinstances/re_emit', { ...filter, dry_run: true })).body,
  );
  if (!(await confirm(`Re-emit ${String(total)} events of ${trigger}?`))) {
    session.line('nothing was re-emitted');
    return null;
  }
  const all: JsonValue[] = [];
  for (let offset = 0; offset < Number(total); offset += AT_ONCE)
    all.push(...(await emit({ ...filter, limit: AT_ONCE, offset })).outcomes);
  return all;
}
