import type { Command } from 'commander';
import type { CliIo } from '../io';
import { jsonObjectArgument } from '../parameters';
import { openSession } from '../session';

const FIELDS = ['id', 'trigger', 'status', 'occurrence_time', 'payload'];
const COLUMNS = [
  { title: 'ID', path: 'id' },
  { title: 'TRIGGER', path: 'trigger' },
  { title: 'STATUS', path: 'status' },
  { title: 'OCCURRED', path: 'occurrence_time' },
];

/** `trigger emit` and `trigger-instance list|get`. */
export function addTrigger(program: Command, io: CliIo): void {
  program
    .command('trigger')
    .description('what events are of')
    .command('emit <ref>')
    .description('publish an event of a trigger')
    .option('--payload <json>', 'a JSON object, or @file with one', '{}')
    .action(async (ref: string, options: { payload: string }, command: Command) => {
      const session = openSession(command, io);
      const payload = await jsonObjectArgument('--payload', options.payload);
      const { body } = await session.api.request('POST', '/webhooks/st2', { trigger: ref, payload });
      if (session.json) session.document(body, []);
      else session.line(`an event of ${ref} is in the log`);
    });
  const group = program.command('trigger-instance').description('events that came in');
  group
    .command('list')
    .description('trigger instances, newest first')
    .option('-n, --limit <number>', 'at most this many', '50')
    .option('--trigger <ref>', 'of this trigger')
    .action(async (options: { limit: string; trigger?: string }, command: Command) => {
      const session = openSession(command, io);
      const query = new URLSearchParams({ limit: options.limit });
      if (options.trigger !== undefined) query.set('trigger', options.trigger);
      session.table((await session.api.request('GET', `/triggerinstances?${query}`)).body, COLUMNS);
    });
  group
    .command('get <id>')
    .description('one trigger instance with its payload')
    .action(async (id: string, _options: object, command: Command) => {
      const session = openSession(command, io);
      session.document((await session.api.request('GET', `/triggerinstances/${encodeURIComponent(id)}`)).body, FIELDS);
    });
}
