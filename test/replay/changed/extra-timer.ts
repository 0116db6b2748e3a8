import { sleep } from '@temporalio/workflow';
import everstorm from '../../../workflows/index';

/** The workflows with a timer that no recorded execution has. */
// eslint-disable-next-line import-x/no-default-export -- the workflow function is the default export
export default async function changed(input: unknown, extra?: unknown): Promise<unknown> {
  await sleep(1);
  return everstorm(input, extra);
}
