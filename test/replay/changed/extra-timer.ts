import { sleep } from '@temporalio/workflow';
import everstorm from '../../../workflows/index';

/** The workflows with timers that no recorded execution has. */
// eslint-disable-next-line import-x/no-default-export -- the workflow function is the default export
export default async function changed(input: unknown, extra?: unknown): Promise<unknown> {
  // Two at once: shards begin with a timer of their own.
  await Promise.all([sleep(1), sleep(1)]);
  return everstorm(input, extra);
}
