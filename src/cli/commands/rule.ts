import type { Command } from 'commander';
import { parseYaml } from '../../packs/yaml';
import type { JsonObject } from '../../model/json';
import { isJsonObject } from '../../model/json';
import type { CliIo } from '../io';
import { CliError, EXIT } from '../io';
import { readArgumentFile } from '../parameters';
import { expectObject, openSession } from '../session';

const FIELDS = ['ref', 'id', 'enabled', 'description', 'trigger', 'criteria', 'action'];
const COLUMNS = [
  { title: 'REF', path: 'ref' },
  { title: 'TRIGGER', path: 'trigger.type' },
  { title: 'ACTION', path: 'action.ref' },
  { title: 'ENABLED', path: 'enabled' },
];

const pathOf = (refOrId: string): string => `/rules/${encodeURIComponent(refOrId)}`;

/** `rule list|get|create|delete|enable|disable`. */
export function addRule(program: Command, io: CliIo): void {
  const group = program.command('rule').description('what leads from events to actions');
  group
    .command('list')
    .description('all rules')
    .option('-p, --pack <name>', 'of this pack')
    .action(async (options: { pack?: string }, command: Command) => {
      const session = openSession(command, io);
      const query = new URLSearchParams({ limit: '-1', ...(options.pack === undefined ? {} : { pack: options.pack }) });
      session.table((await session.api.request('GET', `/rules?${query}`)).body, COLUMNS);
    });
  group
    .command('get <ref>')
    .description('one rule')
    .action(async (ref: string, _options: object, command: Command) => {
      const session = openSession(command, io);
      session.document((await session.api.request('GET', pathOf(ref))).body, FIELDS);
    });
  group
    .command('create <file>')
    .description('create the rule that a YAML or JSON file describes')
    .action(async (file: string, _options: object, command: Command) => {
      const session = openSession(command, io);
      session.document((await session.api.request('POST', '/rules', await ruleFile(file))).body, FIELDS);
    });
  group
    .command('delete <ref>')
    .description('delete a rule')
    .action(async (ref: string, _options: object, command: Command) => {
      const session = openSession(command, io);
      await session.api.request('DELETE', pathOf(ref));
      if (!session.json) session.line(`rule ${ref} is deleted`);
    });
  addSwitch(group, io, { name: 'enable', enabled: true });
  addSwitch(group, io, { name: 'disable', enabled: false });
}

function addSwitch(group: Command, io: CliIo, { name, enabled }: { name: string; enabled: boolean }): void {
  group
    .command(`${name} <ref>`)
    .description(`${name} a rule`)
    .action(async (ref: string, _options: object, command: Command) => {
      const session = openSession(command, io);
      const rule = expectObject((await session.api.request('GET', pathOf(ref))).body);
      const { body } = await session.api.request('PUT', pathOf(ref), { ...rule, enabled });
      if (session.json) session.document(body, FIELDS);
      else session.line(`rule ${ref} is ${name}d`);
    });
}

async function ruleFile(file: string): Promise<JsonObject> {
  const parsed = parseYaml(file, await readArgumentFile(file));
  if (!parsed.ok) throw new CliError(parsed.problems.map(({ message }) => message).join('\n'), EXIT.usage);
  if (!isJsonObject(parsed.value)) throw new CliError(`${file}: expected a rule`, EXIT.usage);
  return parsed.value;
}
