import { proxyActivities } from '@temporalio/workflow';

const { noop } = proxyActivities<{ noop(): Promise<void> }>({ startToCloseTimeout: '1 minute' });

/** The least that does what an execution does: one activity, which does nothing. */
export async function bare(): Promise<void> {
  await noop();
}
