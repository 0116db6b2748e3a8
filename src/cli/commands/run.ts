import type { Command } from 'commander';
import type { JsonObject } from '../../model/json';
import type { ParameterSchema } from '../../model/parameter-schema';
import { ExecutionStatus } from '../../model/statuses';
import type { CliIo } from '../io';
import { CliError, EXIT } from '../io';
import { parseParameters } from '../parameters';
import type { Session } from '../session';
import { expectObject, openSession } from '../session';
import { untilCompleted } from '../wait';
import { EXECUTION_FIELDS } from './execution';

interface RunOptions {
  async?: boolean;
  traceTag?: string;
}

/** `run <action> [k=v…]`: starts the action and waits for its end; the exit code says how it ended. */
export function addRun(program: Command, io: CliIo): void {
  program
    .command('run <action> [parameters...]')
    .description('run an action with parameters given as name=value, and wait for its end')
    .option('-a, --async', 'do not wait')
    .option('--trace-tag <tag>', 'tag to find what follows from this by')
    .action(async (action: string, pairs: string[], options: RunOptions, command: Command) => {
      const session = openSession(command, io);
      const parameters = parseParameters(pairs, await schemasOf(session, action));
      const context =
        options.traceTag === undefined ? {} : { context: { trace_context: { trace_tag: options.traceTag } } };
      const started = expectObject(
        (await session.api.request('POST', '/executions', { action, parameters, ...context })).body,
      );
      const id = String(started['id']);
      if (options.async === true) {
        if (session.json) session.document(started, EXECUTION_FIELDS);
        else session.line(`started; see: everstorm execution get ${id}`);
        return;
      }
      const ended = await untilCompleted(session, id);
      session.document(ended, EXECUTION_FIELDS);
      if (ended['status'] !== ExecutionStatus.succeeded)
        throw new CliError(`${action} ended as ${String(ended['status'])}`, EXIT.failed);
    });
}

/** Schemas to cast by: the runner's, overlaid by the action's. A runner that can't be read leaves its parameters as text. */
async function schemasOf(session: Session, action: string): Promise<Record<string, ParameterSchema>> {
  const found = expectObject((await session.api.request('GET', `/actions/${encodeURIComponent(action)}`)).body);
  const runner = await session.api
    .request('GET', `/runnertypes/${encodeURIComponent(String(found['runner_type']))}`)
    .then(({ body }) => expectObject(body))
    .catch((error: unknown): JsonObject => {
      if (error instanceof CliError && error.exitCode === EXIT.failed) return {};
      throw error;
    });
  const schemas = new Map<string, ParameterSchema>();
  for (const source of [runner['runner_parameters'], found['parameters']]) {
    for (const [name, schema] of Object.entries(source ?? {})) {
      schemas.set(name, { ...schemas.get(name), ...(schema as unknown as ParameterSchema) });
    }
  }
  return Object.fromEntries(schemas);
}
