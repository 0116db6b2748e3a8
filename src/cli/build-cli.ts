import { Command, CommanderError } from 'commander';
import { errorCode, messageOf } from '../model/errors';
import { addBackfill } from './commands/backfill';
import { addCompletion } from './commands/completion';
import { addDlq } from './commands/dlq';
import { addEnforcement } from './commands/enforcement';
import { addExecution } from './commands/execution';
import { addExplain } from './commands/explain';
import { addPack } from './commands/pack';
import { addReEmit } from './commands/re-emit';
import { addRebuild } from './commands/rebuild';
import { addRule } from './commands/rule';
import { addRun } from './commands/run';
import { addTrigger } from './commands/trigger';
import { addVersions } from './commands/versions';
import type { CliIo } from './io';
import { CliError, EXIT } from './io';

export interface Cli {
  /** Runs the command line (without node and script); resolves with the exit code: 0 done, 1 failed, 2 usage, 3 server unreachable. */
  run(words: readonly string[]): Promise<number>;
}

/** The `everstorm` command. `extraCommands` adds those that are more than a client (serve, dev, demo, rebuild). */
export function buildCli(io: CliIo, extraCommands?: (program: Command) => void): Cli {
  return {
    run: async (words) => {
      const program = programOf(io, extraCommands);
      try {
        await program.parseAsync([...words], { from: 'user' });
        return EXIT.ok;
      } catch (error) {
        return exitCodeOf(error, io);
      }
    },
  };
}

function programOf(io: CliIo, extraCommands: ((program: Command) => void) | undefined): Command {
  const program = new Command('everstorm')
    .description('event-driven automation with durable execution')
    .option('--url <url>', 'the API (default: EVERSTORM_API_URL, else http://127.0.0.1:9101)')
    .option('--json', 'answer as JSON')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr })
    .exitOverride();
  for (const add of [
    addRun,
    addExecution,
    addRule,
    addEnforcement,
    addTrigger,
    addDlq,
    addExplain,
    addBackfill,
    addReEmit,
    addPack,
    addVersions,
    addRebuild,
  ])
    add(program, io);
  extraCommands?.(program);
  addCompletion(program, io);
  return program;
}

function exitCodeOf(error: unknown, io: CliIo): number {
  // Commander has written its own message already; help and version end with code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  io.stderr(`everstorm: ${messageOf(error)}\n`);
  if (error instanceof CliError) return error.exitCode;
  return errorCode(error) === 'CONFIGURATION' ? EXIT.usage : EXIT.failed;
}
