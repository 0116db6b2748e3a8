import { createActionDesk } from '../../../activities/action-desk';
import type { ExecutionOutcome } from '../../../src/model/execution';

const CONTACT_LOST_MS = 300;

/** Runs until it is stopped. */
const endless = (signal: AbortSignal): Promise<ExecutionOutcome> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve({ status: 'abandoned', result: null }), { once: true });
  });
const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('Temporal was reached when it handed an action out: silence from before is not counted against it', async () => {
  const desk = createActionDesk({ contactLostMs: CONTACT_LOST_MS });
  const first = desk.run('first', endless);
  await after(CONTACT_LOST_MS * 0.8);
  const begun = Date.now();
  const second = desk.run('second', endless);
  await second.outcome;
  expect(second.stopped).toBe('cut-off');
  expect(Date.now() - begun).toBeGreaterThanOrEqual(CONTACT_LOST_MS * 0.95);
  expect(first.stopped).toBe('cut-off');
  desk.close();
});
