import { utf8ToBytes } from '@noble/hashes/utils';
import type { Action } from './action';
import { SEQUENCE_OF_LOSS } from './audit';
import type { AuditRecord } from './audit';
import type { Execution, ExecutionContext, StatusChange } from './execution';
import { liveActionId, resourceId } from './ids';
import { isJsonObject } from './json';
import type { JsonObject, JsonValue } from './json';
import { parseRef, uid } from './refs';
import { isOfLog, logOf, ordered } from './projected-changes';
import type { ProjectedChange } from './projected-changes';
import type { RunnerType } from './runner-type';
import { isCompleted } from './statuses';
import type { ExecutionStatus } from './statuses';
import { formatTimestamp } from './timestamps';

/** What an execution's document is made of, whoever knows it: the audit records here, Temporal's history elsewhere. Times are ISO 8601. */
export interface ExecutionParts {
  executionId: string;
  action: Action;
  runner: RunnerType;
  parameters: JsonObject;
  context: ExecutionContext;
  triggerRef?: string;
  delayMs?: number;
  status: ExecutionStatus;
  startedAt: string;
  /** Ignored while the status is not a final one. */
  endedAt?: string;
  result?: JsonValue;
  runnerInfo?: { hostname: string; pid: number };
  /** In order. */
  log: readonly StatusChange[];
}

/** What is kept of an execution between two batches of records. JSON. */
export interface ExecutionProjection {
  parts: ExecutionParts;
  changes: ProjectedChange[];
  /** The change that `parts` shows: the highest sequence of the newest run. */
  head: { run: string; sequence: number };
  /** False until the record with the definition came; a stand-in is shown until then. */
  defined: boolean;
}

const WORKFLOW_RUNNERS: ReadonlySet<string> = new Set(['orquesta', 'action-chain', 'mistral-v2']);

/**
 * Execution in StackStorm's API shape and order of attributes. Like StackStorm it leaves out empty attributes (`parameters`
 * when `{}`, `result` before there is one) and gives `result_size` in bytes of the result's compact JSON.
 */
export function executionDocument(parts: ExecutionParts, webUiBase: string): Execution {
  const { executionId: id, action, runner, parameters, context, status } = parts;
  const parent = context.parent?.['execution_id'];
  return {
    ...causes(parts),
    action,
    runner,
    liveaction: {
      action: action.ref,
      action_is_workflow: WORKFLOW_RUNNERS.has(runner.name),
      parameters,
      callback: {},
      runner_info: parts.runnerInfo ? { ...parts.runnerInfo } : {},
      id: liveActionId(id),
    },
    status,
    start_timestamp: stamp(parts.startedAt),
    ...(endOf(parts) !== undefined && { end_timestamp: stamp(endOf(parts) ?? '') }),
    ...(Object.keys(parameters).length > 0 && { parameters }),
    ...(parts.result !== undefined && { result_size: compactSize(parts.result) }),
    context,
    ...(typeof parent === 'string' && { parent }),
    log: parts.log.map(({ timestamp, status: logged }) => ({ timestamp: stamp(timestamp), status: logged })),
    ...(parts.delayMs !== undefined && { delay: parts.delayMs }),
    web_url: `${webUiBase}/#/history/${id}/general`,
    id,
    ...(parts.result !== undefined && { result: parts.result }),
    ...elapsed(parts),
  };
}

/**
 * Folds audit records of ONE execution into what is known of it. Idempotent, and the same whatever the order: status, result and
 * context are those of the highest sequence of the newest run (runs follow one another, so the newest is the one whose last known
 * change is latest: a reset run keeps the time of the request); the log keeps the changes that all runs told, each once.
 */
export function applyRecords(
  known: ExecutionProjection | null,
  records: readonly AuditRecord[],
): ExecutionProjection | null {
  let projection = known;
  for (const record of records) projection = applyRecord(projection, record);
  return projection;
}

/** The projection of a document rebuilt from Temporal's history; without the changes behind its log, the lines belong to no run. */
export function projectionOf(document: Execution, known?: readonly ProjectedChange[]): ExecutionProjection {
  const { trigger, liveaction, log } = document;
  const triggerRef = trigger?.['ref'];
  const runnerInfo = liveaction['runner_info'] as { hostname: string; pid: number } | undefined;
  const lines = log.map(({ timestamp: at, status }, sequence) => ({ run: REBUILT, sequence, status, at }));
  const changes: ProjectedChange[] = known ? ordered(known.map(asRebuilt)) : lines;
  const { run, sequence } = changes.at(-1) as ProjectedChange;
  return {
    parts: {
      executionId: document.id,
      action: document.action,
      runner: document.runner,
      parameters: document.parameters ?? {},
      context: document.context,
      ...(typeof triggerRef === 'string' && { triggerRef }),
      ...(document.delay !== undefined && { delayMs: document.delay }),
      status: document.status,
      startedAt: document.start_timestamp,
      ...(document.end_timestamp !== undefined && { endedAt: document.end_timestamp }),
      ...(document.result !== undefined && { result: document.result }),
      ...(runnerInfo?.hostname !== undefined && { runnerInfo }),
      log,
    },
    changes,
    head: { run, sequence },
    defined: true,
  };
}

/** Stands for the run of log lines that came from a rebuild: the record of the same change replaces such a line. */
const REBUILT = '';

/** Temporal tells of an end that the run did not tell, but not whether a record of it was published. */
const asRebuilt = (change: ProjectedChange): ProjectedChange =>
  change.sequence < SEQUENCE_OF_LOSS ? change : { ...change, run: REBUILT };

function applyRecord(known: ExecutionProjection | null, record: AuditRecord): ExecutionProjection {
  const isThis = ({ run, sequence }: ProjectedChange): boolean => run === record.runId && sequence === record.sequence;
  if (known?.changes.some(isThis)) return known;
  const changes = ordered([...withoutRebuilt(known?.changes ?? [], record), changeOf(record)]);
  const head = changes.at(-1) as ProjectedChange;
  const base = !known || isThis(head) ? partsOfHead(record, known?.parts) : known.parts;
  return {
    parts: withChanges({ ...base, ...definitionParts(record.definition) }, changes, head),
    changes,
    head: { run: head.run, sequence: head.sequence },
    defined: known?.defined === true || record.definition !== undefined,
  };
}

function withoutRebuilt(changes: readonly ProjectedChange[], { sequence, status }: AuditRecord): ProjectedChange[] {
  if (!isOfLog({ sequence })) return [...changes];
  const line = changes.findIndex((change) => change.run === REBUILT && change.status === status);
  return changes.filter((_, index) => index !== line);
}

function withChanges(parts: ExecutionParts, changes: ProjectedChange[], head: ProjectedChange): ExecutionParts {
  const { runnerInfo: known, endedAt: _former, ...rest } = parts;
  const told = changes.findLast((change) => change.run === head.run && change.runnerInfo)?.runnerInfo;
  const runnerInfo = told ?? (changes.some(({ run }) => run === REBUILT) ? known : undefined);
  return {
    ...rest,
    status: head.status,
    startedAt: earliest(changes),
    ...(isCompleted(head.status) && { endedAt: head.at }),
    ...(runnerInfo && { runnerInfo }),
    log: logOf(changes),
  };
}

function partsOfHead(record: AuditRecord, known: ExecutionParts | undefined): ExecutionParts {
  const { result: _old, ...kept } = known ?? standIn(record);
  return {
    ...kept,
    context: record.context,
    ...(record.triggerRef !== undefined && { triggerRef: record.triggerRef }),
    ...(record.result !== undefined && { result: record.result }),
  };
}

function definitionParts(definition: AuditRecord['definition']): Partial<ExecutionParts> {
  if (!definition) return {};
  const { action, runner, parameters, delayMs } = definition;
  return { action, runner, parameters, ...(delayMs !== undefined && { delayMs }) };
}

function changeOf(record: AuditRecord): ProjectedChange {
  const { runId: run, sequence, status, at, runnerInfo, reset } = record;
  return { run, sequence, status, at, ...(runnerInfo && { runnerInfo }), ...(reset && { after: reset.of }) };
}

const earliest = (changes: readonly ProjectedChange[]): string =>
  changes.reduce((first, { at }) => (Date.parse(at) < Date.parse(first) ? at : first), changes[0]?.at ?? '');

/** Shown for an execution whose first record is not there (yet): the ref is all that later records tell. */
function standIn(record: AuditRecord): ExecutionParts {
  const { pack, name } = parseRef(record.actionRef) ?? { pack: record.context.pack, name: record.actionRef };
  const actionUid = uid('action', pack, name);
  const empty = { description: '', enabled: true };
  return {
    executionId: record.executionId,
    action: {
      tags: [],
      uid: actionUid,
      metadata_file: '',
      name,
      ref: record.actionRef,
      ...empty,
      entry_point: '',
      pack,
      runner_type: '',
      parameters: {},
      output_schema: {},
      notify: {},
      id: resourceId(actionUid),
    },
    runner: {
      name: '',
      ...empty,
      uid: uid('runner_type', ''),
      runner_package: '',
      runner_module: '',
      runner_parameters: {},
      output_schema: {},
      id: resourceId(uid('runner_type', '')),
    },
    parameters: {},
    context: record.context,
    status: record.status,
    startedAt: record.at,
    log: [],
  };
}

/** Why it runs. StackStorm embeds the full documents; a record names them, and the doors can fill them in. */
function causes({ context, triggerRef }: ExecutionParts): Pick<Execution, 'trigger' | 'trigger_instance' | 'rule'> {
  const ref = triggerRef ? parseRef(triggerRef) : null;
  const instance = context.trigger_instance;
  return {
    ...(triggerRef && ref && { trigger: { ref: triggerRef, name: ref.name, pack: ref.pack } }),
    ...(instance && { trigger_instance: { id: instance.id, trigger: triggerRef ?? instance.name } }),
    ...(isJsonObject(context.rule) && { rule: { ...context.rule } }),
  };
}

const stamp = (iso: string): string => formatTimestamp(Date.parse(iso));

const endOf = ({ status, endedAt }: ExecutionParts): string | undefined => (isCompleted(status) ? endedAt : undefined);

function elapsed(parts: ExecutionParts): Pick<Execution, 'elapsed_seconds'> {
  const end = endOf(parts);
  return end === undefined ? {} : { elapsed_seconds: (Date.parse(end) - Date.parse(parts.startedAt)) / 1000 };
}

const compactSize = (value: JsonValue): number => utf8ToBytes(JSON.stringify(value)).length;
