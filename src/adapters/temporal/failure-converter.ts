import { DefaultFailureConverter } from '@temporalio/common';

/** Messages and stack traces of failures go through the payload codec too. Loaded by path, in the workflow sandbox as well. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
