import type { AuditRecord } from '../../src/model/audit';
import type { Action } from '../../src/model/action';
import { auditRecordId } from '../../src/model/ids';
import type { RunnerType } from '../../src/model/runner-type';

export const LOCAL_ACTION: Action = {
  tags: [],
  uid: 'action:core:local',
  metadata_file: 'actions/local.yaml',
  name: 'local',
  ref: 'core.local',
  description: '',
  enabled: true,
  entry_point: '',
  pack: 'core',
  runner_type: 'local-shell-cmd',
  parameters: { cmd: { type: 'string', required: true } },
  output_schema: {},
  notify: {},
  id: 'a'.repeat(24),
};

export const LOCAL_RUNNER: RunnerType = {
  name: 'local-shell-cmd',
  description: '',
  uid: 'runner_type:local-shell-cmd',
  enabled: true,
  runner_package: 'local_runner',
  runner_module: 'local_shell_command_runner',
  runner_parameters: {},
  output_schema: {},
  id: 'd'.repeat(24),
};

export const EXECUTION_ID = `${'e'.repeat(18)}000000`;

export function auditRecord(over: Partial<AuditRecord> = {}): AuditRecord {
  const { executionId = EXECUTION_ID, runId = 'r1', sequence = 0 } = over;
  return {
    id: auditRecordId(executionId, runId, sequence),
    executionId,
    workflowId: executionId,
    runId,
    sequence,
    status: 'requested',
    at: '2026-11-23T01:00:00.000Z',
    actionRef: 'core.local',
    context: { user: 'stanley', pack: 'core' },
    ...over,
  };
}

/** The records of a whole run, one second apart: requested, scheduled, running, succeeded. */
export function runOf(runId: string, startSecond = 0, over: Partial<AuditRecord> = {}): AuditRecord[] {
  const at = (sequence: number) => new Date(Date.UTC(2026, 10, 23, 1, 0, startSecond + sequence)).toISOString();
  const definition = { action: LOCAL_ACTION, runner: LOCAL_RUNNER, parameters: { cmd: 'date' } };
  return [
    auditRecord({ ...over, runId, sequence: 0, at: at(0), definition }),
    auditRecord({ ...over, runId, sequence: 1, at: at(1), status: 'scheduled' }),
    auditRecord({ ...over, runId, sequence: 2, at: at(2), status: 'running', runnerInfo: { hostname: 'h', pid: 7 } }),
    auditRecord({ ...over, runId, sequence: 3, at: at(3), status: 'succeeded', result: { stdout: 'é' } }),
  ];
}
