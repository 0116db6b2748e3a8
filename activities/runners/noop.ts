import { ExecutionStatus } from '../../src/model/statuses';
import type { Runner } from './runner';

/** StackStorm's no-op: succeeds whatever it is given. */
export const noop: Runner = () =>
  Promise.resolve({
    status: ExecutionStatus.succeeded,
    result: { failed: false, succeeded: true, return_code: 0 },
  });
