import { upsertSearchAttributes } from '@temporalio/workflow';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { ExecutionStatus } from '../src/model/statuses';

const STATUS_KEY = defineSearchAttributeKey('EverstormStatus', SearchAttributeType.KEYWORD);

/** Shows the status in Temporal's lists. The other attributes are set by who starts the workflow. */
export function showStatus(status: ExecutionStatus): void {
  upsertSearchAttributes([{ key: STATUS_KEY, value: status }]);
}
