import type { Command } from 'commander';
import { processEnvironment } from '../config/environment';
import { completeConfig, parsePlatformConfig } from '../config/platform-config';
import { EverstormError } from '../model/errors';
import { createLogger } from '../telemetry/logger';
import { demo } from './demo/demo';
import { dev } from './dev/dev';
import { SYSTEM_PACKS_PATH } from './project-root';
import { isRoleName, ROLE_NAMES, serveRoles } from './serve';
import { installTemporalLogging } from './temporal-logging';
import { untilSignal } from './until-signal';

interface Io {
  stdout: (text: string) => void;
  stderr: (text: string) => void;
}

/** The commands that are more than a client of the API. */
export function addPlatformCommands(program: Command, io: Io): void {
  const say = (line: string): void => io.stderr(`${line}\n`);
  program
    .command('serve [roles...]')
    .description(`serve roles (${ROLE_NAMES.join(', ')}; default all) against the services that the environment names`)
    .action(async (names: string[]) => {
      const roles = names.map((name) => {
        if (isRoleName(name)) return name;
        throw new EverstormError('CONFIGURATION', `unknown role ${name}; expected ${ROLE_NAMES.join(', ')}`);
      });
      const config = completeConfig(parsePlatformConfig(processEnvironment(), SYSTEM_PACKS_PATH));
      const log = createLogger(config.logLevel, roles.join('+') || 'all');
      installTemporalLogging(log);
      await untilSignal(await serveRoles(roles.length > 0 ? roles : ROLE_NAMES, config, log), say);
    });
  program
    .command('dev')
    .description('find or start Temporal, Kafka and the database, and serve all roles')
    .action(() => dev((line) => io.stdout(`${line}\n`)));
  program
    .command('demo')
    .description('send three kinds of real input and follow each from event to result')
    .option('--events <n>', 'inputs of each kind', '1')
    .action(async (options: { events: string; json?: boolean }, command: Command) => {
      const json = options.json ?? command.optsWithGlobals<{ json?: boolean }>().json ?? false;
      await demo({ perKind: Number(options.events), json }, io);
    });
}
