import type { Command } from 'commander';
import { readPack } from '../../packs/read-pack';
import { RUNNER_TYPES } from '../../model/runner-types';
import type { CliIo } from '../io';
import { CliError, EXIT } from '../io';
import { openSession } from '../session';
import type { JsonValue } from '../../model/json';

const COLUMNS = [
  { title: 'REF', path: 'ref' },
  { title: 'VERSION', path: 'version' },
  { title: 'DESCRIPTION', path: 'description' },
];
const COUNTS = ['triggers', 'sensors', 'actions', 'rules'];

/** `pack list|register|validate`; `validate` needs no server. */
export function addPack(program: Command, io: CliIo): void {
  const group = program.command('pack').description('where actions, rules and sensors come from');
  group
    .command('list')
    .description('registered packs')
    .action(async (_options: object, command: Command) => {
      const session = openSession(command, io);
      session.table((await session.api.request('GET', '/packs?limit=-1')).body, COLUMNS);
    });
  group
    .command('register [names...]')
    .description('make the registered definitions equal to the pack directories')
    .action(async (names: string[], _options: object, command: Command) => {
      const session = openSession(command, io);
      const request = names.length === 0 ? {} : { packs: names };
      session.document((await session.api.request('POST', '/packs/register', request)).body, COUNTS);
    });
  group
    .command('validate <directory>')
    .description('check a pack on this disk')
    .action((directory: string, _options: object, command: Command) => validate(directory, command, io));
}

async function validate(directory: string, command: Command, io: CliIo): Promise<void> {
  const content = await readPack(directory, { runnerTypes: new Set(RUNNER_TYPES.keys()) });
  const counts = {
    triggers: content.triggerTypes.length,
    sensors: content.sensors.length,
    actions: content.actions.length,
    rules: content.rules.length,
  };
  if (command.optsWithGlobals<{ json?: boolean }>().json === true) {
    const answer = { pack: content.pack?.ref ?? null, counts, problems: content.problems } as unknown as JsonValue;
    io.stdout(`${JSON.stringify(answer, null, 2)}\n`);
  } else {
    for (const { message } of content.problems) io.stderr(`${message}\n`);
    const found = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`);
    io.stdout(`${content.pack?.ref ?? directory}: ${found.join(', ')}; ${content.problems.length} problems\n`);
  }
  if (content.problems.length > 0) throw new CliError('the pack has problems', EXIT.failed);
}
