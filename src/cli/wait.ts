import type { JsonObject } from '../model/json';
import { isCompleted, isExecutionStatus } from '../model/statuses';
import { CliError, EXIT } from './io';
import { expectObject } from './session';
import type { Session } from './session';

const FIRST_MS = 100;
const LONGEST_MS = 2_000;
/** A lost connection is bridged this often in a row. */
const LOST_ANSWERS = 5;

/** Asks for the execution, with growing pauses, until it has completed. It may take as long as the execution does. */
export async function untilCompleted(session: Session, id: string): Promise<JsonObject> {
  let delay = FIRST_MS;
  let lost = 0;
  for (;;) {
    try {
      const execution = expectObject((await session.api.request('GET', `/executions/${encodeURIComponent(id)}`)).body);
      lost = 0;
      const status = String(execution['status']);
      if (isExecutionStatus(status) && isCompleted(status)) return execution;
    } catch (error) {
      lost += 1;
      if (!(error instanceof CliError) || error.exitCode !== EXIT.unreachable || lost === LOST_ANSWERS) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, delay));
    delay = Math.min(delay * 1.5, LONGEST_MS);
  }
}
