import type { Command } from 'commander';
import type { CliIo } from '../io';
import { openSession } from '../session';

const PROMOTED_WITHIN_MS = 60_000;
const FIELDS = ['build_id', 'status', 'open_executions', 'remembered_executions', 'workers', 'first_seen'];
const COLUMNS = [
  { title: 'VERSION', path: 'build_id' },
  { title: 'STATUS', path: 'status' },
  { title: 'OPEN', path: 'open_executions' },
  { title: 'REMEMBERED', path: 'remembered_executions' },
  { title: 'WORKERS', path: 'workers' },
  { title: 'FIRST SEEN', path: 'first_seen' },
];

/** `versions` and `versions promote`. */
export function addVersions(program: Command, io: CliIo): void {
  const group = program
    .command('versions')
    .description('versions of the workflows, and how many executions each runs')
    .action(async (_options: object, command: Command) => {
      const session = openSession(command, io);
      session.table((await session.api.request('GET', '/versions')).body, COLUMNS);
    });
  group
    .command('promote <version>')
    .description('run new executions on this version (to go back, for example); open ones stay where they are')
    .action(async (version: string, _options: object, command: Command) => {
      const session = openSession(command, io, PROMOTED_WITHIN_MS);
      const { body } = await session.api.request('POST', `/versions/${encodeURIComponent(version)}/promote`, {});
      session.document(body, FIELDS);
    });
}
