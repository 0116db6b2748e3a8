import { workflowInfo } from '@temporalio/workflow';
import { auditRecordId } from '../src/model/ids';
import { maskSecrets } from '../src/model/masking';
import type { AuditRecord } from '../src/model/audit';
import type { ExecutionContext, ExecutionInput } from '../src/model/execution';
import { isJsonObject } from '../src/model/json';
import type { JsonObject, JsonValue } from '../src/model/json';
import type { ExecutionStatus } from '../src/model/statuses';
import { acknowledged, announced } from './audit-delivery';
import type { AuditDelivery } from './audit-delivery';

/** What a record may carry beside the status; `at` when it is not now. */
export type AuditExtras = Pick<AuditRecord, 'definition' | 'result'> & { at?: string };

/** Parameters as the audit trail may show them. */
export function maskedParameters(input: ExecutionInput, parameters: JsonObject): JsonObject {
  return maskSecrets(parameters, { ...input.runner.runner_parameters, ...input.action.parameters });
}

function maskedResult({ action }: ExecutionInput, result: JsonValue): JsonValue {
  return isJsonObject(result) ? maskSecrets(result, action.output_schema) : result;
}

/** The audit records of one run, numbered as they are made, handed over in that order, and all of them once more with the end. */
export class AuditTrail {
  private sequence = 0;
  private ended = false;
  private readonly handedOver: AuditRecord[] = [];
  private readonly delivery: AuditDelivery;

  constructor(
    private readonly input: ExecutionInput,
    private context: ExecutionContext,
  ) {
    this.delivery = input.announced ? announced() : acknowledged();
  }

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

  /** Hands records over, after all that were before. */
  publish(records: AuditRecord[]): void {
    if (!isTakenOver()) this.handedOver.push(...records);
    this.delivery.publish(records);
  }

  /** True once the final record is made; a cancellation that comes later changes nothing. */
  get closed(): boolean {
    return this.ended;
  }

  /** Hands the final record over. */
  close(final: AuditRecord): void {
    this.ended = true;
    this.delivery.close([...this.handedOver, final]);
  }

  /** Resolves when the run may end; undefined when it may at once. */
  settled(): Promise<void> | undefined {
    return this.delivery.settled();
  }
}

/**
 * What a reset run replays may be what the run before it told under its own name; it is not told again. Read only to choose what goes to the
 * announcer, never what the workflow does.
 */
function isTakenOver(): boolean {
  const { runId, firstExecutionRunId, unsafe } = workflowInfo();
  return runId !== firstExecutionRunId && unsafe.isReplaying;
}
