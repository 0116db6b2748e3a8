import type { Command } from 'commander';
import type { CliIo } from '../io';
import { openSession } from '../session';

export const EXECUTION_FIELDS = [
  'id',
  'status',
  'action.ref',
  'context.user',
  'context.rule.ref',
  'context.trigger_instance.id',
  'start_timestamp',
  'end_timestamp',
  'parameters',
  'result',
];

const COLUMNS = [
  { title: 'ID', path: 'id' },
  { title: 'ACTION', path: 'action.ref' },
  { title: 'STATUS', path: 'status' },
  { title: 'USER', path: 'context.user' },
  { title: 'STARTED', path: 'start_timestamp' },
  { title: 'ENDED', path: 'end_timestamp' },
];

interface ListOptions {
  limit: string;
  action?: string;
  status?: string;
  rule?: string;
}

/** `execution list|get|cancel`. */
export function addExecution(program: Command, io: CliIo): void {
  const group = program.command('execution').description('what ran and what runs');
  group
    .command('list')
    .description('executions, newest first')
    .option('-n, --limit <number>', 'at most this many', '50')
    .option('--action <ref>', 'of this action')
    .option('--status <status>', 'with this status')
    .option('--rule <ref>', 'started by this rule')
    .action(async (options: ListOptions, command: Command) => {
      const session = openSession(command, io);
      const query = new URLSearchParams({ limit: options.limit });
      for (const name of ['action', 'status', 'rule'] as const) {
        const value = options[name];
        if (value !== undefined) query.set(name, value);
      }
      const { body, total } = await session.api.request('GET', `/executions?${query}`);
      session.table(body, COLUMNS);
      if (!session.json && Array.isArray(body) && total !== null && total > body.length) {
        session.line(`${body.length} of ${total}`);
      }
    });
  group
    .command('get <id>')
    .description('one execution with its result')
    .action(async (id: string, _options: object, command: Command) => {
      const session = openSession(command, io);
      const { body } = await session.api.request('GET', `/executions/${encodeURIComponent(id)}`);
      session.document(body, EXECUTION_FIELDS);
    });
  group
    .command('cancel <id>')
    .description('stop an execution')
    .action(async (id: string, _options: object, command: Command) => {
      const session = openSession(command, io);
      const { body } = await session.api.request('DELETE', `/executions/${encodeURIComponent(id)}`);
      if (session.json) session.document(body, EXECUTION_FIELDS);
      else session.line(`execution ${id} is asked to stop`);
    });
}
