import { CancellationScope, proxyLocalActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { LocalActivities } from '../activities/contract';
import { auditRecordId } from '../src/model/ids';
import { maskSecrets } from '../src/model/masking';
import type { AuditRecord } from '../src/model/audit';
import type { ExecutionContext, ExecutionInput } from '../src/model/execution';
import { isJsonObject } from '../src/model/json';
import type { JsonObject, JsonValue } from '../src/model/json';
import type { ExecutionStatus } from '../src/model/statuses';

/** One call holds its workflow task, so it gives up soon; the waiting is done by a timer, which holds nothing. */
const { publishAudit } = proxyLocalActivities<LocalActivities>({
  startToCloseTimeout: '5 seconds',
  retry: { maximumAttempts: 2, initialInterval: '200 milliseconds' },
});
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** What a record may carry beside the status; `at` when it is not now. */
export type AuditExtras = Pick<AuditRecord, 'definition' | 'result'> & { at?: string };

/** Parameters as the audit trail may show them. */
export function maskedParameters(input: ExecutionInput, parameters: JsonObject): JsonObject {
  return maskSecrets(parameters, { ...input.runner.runner_parameters, ...input.action.parameters });
}

function maskedResult({ action }: ExecutionInput, result: JsonValue): JsonValue {
  return isJsonObject(result) ? maskSecrets(result, action.output_schema) : result;
}

/**
 * The audit records of one run, numbered as they are made and published in that order. A record that Kafka does not take
 * is tried again for ever; the run ends only after `settled`. Cancellation does not stop it.
 */
export class AuditTrail {
  private sequence = 0;
  private ended = false;
  private tail: Promise<void> = Promise.resolve();

  constructor(
    private readonly input: ExecutionInput,
    private context: ExecutionContext,
  ) {}

  /** Adds to the context of the records that follow. */
  extendContext(extra: Partial<ExecutionContext>): void {
    this.context = { ...this.context, ...extra };
  }

  /** Takes a number for a record that someone else (the action's activity) makes. */
  reserve(): number {
    return this.sequence++;
  }

  record(status: ExecutionStatus, extras: AuditExtras = {}): AuditRecord {
    const { workflowId, runId } = workflowInfo();
    const sequence = this.sequence++;
    return {
      id: auditRecordId(workflowId, runId, sequence),
      executionId: this.input.executionId,
      workflowId,
      runId,
      sequence,
      status,
      at: new Date().toISOString(),
      actionRef: this.input.action.ref,
      context: this.context,
      ...(this.input.triggerRef ? { triggerRef: this.input.triggerRef } : {}),
      ...extras,
      ...(extras.result === undefined ? {} : { result: maskedResult(this.input, extras.result) }),
    };
  }

  /** Publishes after everything handed over before. The first try starts in this workflow task when nothing is under way. */
  publish(records: AuditRecord[]): void {
    const earlier = this.tail;
    this.tail = CancellationScope.nonCancellable(async () => {
      await earlier;
      await publishForEver(records);
    });
  }

  /** True once the final record is made; a cancellation that comes later changes nothing. */
  get closed(): boolean {
    return this.ended;
  }

  /** Publishes the final record. */
  close(final: AuditRecord): void {
    this.ended = true;
    this.publish([final]);
  }

  /** Resolves when every record handed over is acknowledged. */
  async settled(): Promise<void> {
    await CancellationScope.nonCancellable(() => this.tail);
  }
}

async function publishForEver(records: AuditRecord[]): Promise<void> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    try {
      return await publishAudit(records);
    } catch {
      // Any failure means "not acknowledged": the same records (same ids) go again.
      await sleep(waitMs);
    }
  }
}
