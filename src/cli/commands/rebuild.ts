import type { Command } from 'commander';
import type { CliIo } from '../io';
import { openSession } from '../session';

const REBUILD_WITHIN_MS = 600_000;

/** `rebuild`: asks the API; the read model belongs to the platform, also when it is embedded. */
export function addRebuild(program: Command, io: CliIo): void {
  program
    .command('rebuild')
    .description(
      'make the read model (lists of executions, trigger instances and dead letters) anew from Temporal and Kafka',
    )
    .action(async (_options: object, command: Command) => {
      const session = openSession(command, io, REBUILD_WITHIN_MS);
      const answer = await session.api.request('POST', '/readmodel/rebuild', {});
      session.document(answer.body, ['trigger_instances', 'dead_letters', 'executions']);
    });
}
