import type { Command } from 'commander';
import { CliError, EXIT } from '../cli/io';
import { EverstormError } from '../model/errors';
import { isRoleName, ROLE_NAMES } from './role-names';
import type { RoleName } from './role-names';

interface Io {
  stdout: (text: string) => void;
  stderr: (text: string) => void;
}

/**
 * The commands that are more than a client of the API. What they need is loaded when they run: Temporal's and Kafka's libraries would
 * cost every other command a second.
 */
export function addPlatformCommands(program: Command, io: Io): void {
  program
    .command('serve [roles...]')
    .description(`serve roles (${ROLE_NAMES.join(', ')}; default all) against the services that the environment names`)
    .action(async (names: string[]) => {
      const { serveCommand } = await import('./serve-command.js');
      const roles = names.map(roleOf);
      await serveCommand(roles.length > 0 ? roles : ROLE_NAMES, (line) => io.stderr(`${line}\n`));
    });
  program
    .command('dev')
    .description('find or start Temporal, Kafka and the database, and serve all roles')
    .action(async () => {
      const { dev } = await import('./dev/dev.js');
      await dev((line) => io.stdout(`${line}\n`));
    });
  program
    .command('demo')
    .description('send three kinds of real input and follow each from event to result')
    .option('--events <n>', 'inputs of each kind', '1')
    .action(async (options: { events: string; json?: boolean }, command: Command) => {
      const { demo } = await import('./demo/demo.js');
      const json = options.json ?? command.optsWithGlobals<{ json?: boolean }>().json ?? false;
      await demo({ perKind: Number(options.events), json }, io);
    });
  program.commands
    .find((command) => command.name() === 'rule')
    ?.command('test <rule-file> <payload-file>')
    .description('whether a rule matches a payload (or what it does about a list of events), without a server')
    .option('--now <time>', 'the time that time criteria compare with (default: now)')
    .action(async (ruleFile: string, payloadFile: string, _options: object, command: Command) => {
      const { ruleTestCommand } = await import('./rule-test/command.js');
      const files = { rule: ruleFile, payload: payloadFile };
      const matched = await ruleTestCommand(files, command.optsWithGlobals(), io.stdout);
      if (!matched) throw new CliError('the rule does not match', EXIT.failed);
    });
  program
    .command('expr <text>')
    .description('evaluate a Jinja template, or (with --workflow, or <% %> in it) a text as workflows have it')
    .option('--context <file>', 'JSON object with the names it sees; - for standard input')
    .option('--set <name=JSON...>', 'one name more')
    .option('--key <scope.name=text...>', 'a stored key (decrypted:scope.name=text for its decrypted value)')
    .option('--workflow', 'YAQL and Jinja with ctx() and the other functions of workflows')
    .action(async (text: string, _options: object, command: Command) => {
      const { exprCommand } = await import('./expr-command.js');
      if (!exprCommand(text, command.optsWithGlobals(), io.stdout))
        throw new CliError('the text could not be evaluated', EXIT.failed);
    });
}

function roleOf(name: string): RoleName {
  if (isRoleName(name)) return name;
  throw new EverstormError('CONFIGURATION', `unknown role ${name}; expected ${ROLE_NAMES.join(', ')}`);
}
