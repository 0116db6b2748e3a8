import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { renderLiveParameters } from '../expressions/parameters';
import type { Action } from '../model/action';
import { EverstormError } from '../model/errors';
import type { Execution, ExecutionContext, ExecutionInput } from '../model/execution';
import { executionIdForSeed, isId, liveActionId } from '../model/ids';
import type { JsonObject } from '../model/json';
import type { Principal } from '../model/principal';
import { logOf } from '../model/projected-changes';
import { FreeSchema } from '../model/parameter-schema';
import type { RunnerType } from '../model/runner-type';
import { ExecutionStatus, isCancelable, isCompleted } from '../model/statuses';
import { formatTimestamp } from '../model/timestamps';
import type { ExecutionState } from '../ports/executions';
import { checkParameters, mergedParameters } from './action-parameters';
import { authorise } from './authorisation';
import type { ServiceDependencies } from './context';
import type { ExecutionReader } from './execution-reader';
import { createExecutionReader } from './execution-reader';
import { documentOfState } from './execution-view';
import { found, noSuchId } from './not-found';

/** Body of POST /executions; what else a client sends is ignored, as in StackStorm. */
export const ExecutionRequest = z.looseObject({
  action: z.string(),
  parameters: FreeSchema.nullish(),
  context: FreeSchema.nullish(),
  user: z.string().nullish(),
  /** Milliseconds. */
  delay: z.int().min(0).nullish(),
});
export type ExecutionRequest = z.infer<typeof ExecutionRequest>;

/** Body of POST /executions/{id}/re_run. */
export const ReRunRequest = z.looseObject({
  parameters: FreeSchema.nullish(),
  user: z.string().nullish(),
  delay: z.int().min(0).nullish(),
  tasks: z.array(z.string()).nullish(),
  reset: z.array(z.string()).nullish(),
});
export type ReRunRequest = z.infer<typeof ReRunRequest>;

/** Body of PUT /executions/{id}. */
export const ExecutionChange = z.looseObject({ status: z.string().nullish() });
export type ExecutionChange = z.infer<typeof ExecutionChange>;

/** Cancelling what can't be cancelled is no error in StackStorm: status 200 with a sentence. */
export type CancelOutcome = { kind: 'canceled'; execution: Execution } | { kind: 'refused'; faultstring: string };

export interface ExecutionService extends ExecutionReader {
  /** Starts an action; resolves after Temporal has it on disk. Throws UNKNOWN_ACTION, ACTION_DISABLED, UNKNOWN_RUNNER, RUNNER_DISABLED, INVALID_PARAMETERS. */
  start(principal: Principal, request: ExecutionRequest): Promise<Execution>;
  /** Starts the same action again, with its parameters overlaid by the given ones unless `noMerge`. */
  reRun(principal: Principal, id: string, options: { request: ReRunRequest; noMerge?: boolean }): Promise<Execution>;
  cancel(principal: Principal, id: string): Promise<CancelOutcome>;
  /** PUT: a wish for `canceled` cancels; other states are refused with StackStorm's texts. */
  change(principal: Principal, id: string, change: ExecutionChange): Promise<Execution>;
}

const WISHES_CANCEL: ReadonlySet<string> = new Set([ExecutionStatus.canceling, ExecutionStatus.canceled]);
const WISHES_PAUSE: ReadonlySet<string> = new Set([
  ExecutionStatus.pausing,
  ExecutionStatus.paused,
  ExecutionStatus.resuming,
]);

/** The use cases of executions. */
export function createExecutionService(deps: ServiceDependencies): ExecutionService {
  const reader = createExecutionReader(deps);

  const begin = async (principal: Principal, request: ExecutionRequest): Promise<Execution> => {
    const { action, runner, packPath } = await resolveAction(deps, request.action);
    authorise(principal, 'action_execute', action.uid);
    const context = contextOf(principal, request, action);
    const given = (request.parameters ?? {}) as JsonObject;
    const parameters = renderLiveParameters({
      parameters: given,
      action,
      runner,
      context: { action_context: context, config_context: {} },
    });
    checkParameters(mergedParameters(action, runner), parameters);
    const input: ExecutionInput = {
      executionId: executionIdForSeed(randomUUID()),
      action,
      runner,
      parameters,
      context,
      packPath,
      ...(request.delay != null && request.delay > 0 ? { delayMs: request.delay } : {}),
    };
    const outcome = await deps.executions.start(input);
    if (outcome.kind !== 'started') throw new EverstormError('INTERNAL', 'a fresh execution id was taken');
    return documentOfState(requestedState(input, outcome.runId, deps.now()), deps.webUiBase);
  };

  /** The run's raw input when Temporal still has it: the read model holds masked values, which must not be run again. */
  const originalOf = async (id: string): Promise<ExecutionInput> => {
    const state = isId(id) ? await deps.executions.get(id) : null;
    if (state) return state.input;
    found(isId(id) ? await deps.store.executions.get(id) : null, noSuchId(id));
    throw new EverstormError(
      'INVALID_REQUEST',
      `The input of execution "${id}" is no longer kept, so it can't be run again.`,
    );
  };

  return {
    ...reader,
    start: begin,
    reRun: async (principal, id, { request, noMerge }) => {
      authorise(principal, 'execution_rerun', id);
      refuseTasks(request);
      const original = await originalOf(id);
      const parameters = { ...(noMerge === true ? {} : original.parameters), ...request.parameters } as JsonObject;
      const context = { 're-run': { ref: id }, trace_context: { id_: liveActionId(id) } };
      const { user, delay } = request;
      return begin(principal, { action: original.action.ref, parameters, context, user, delay });
    },
    cancel: async (principal, id) => {
      authorise(principal, 'execution_stop', id);
      const execution = await reader.get(principal, id);
      if (execution.status === ExecutionStatus.canceled) return { kind: 'canceled', execution };
      if (!isCancelable(execution.status)) return refused(execution.status);
      if (!(await deps.executions.cancel(execution.id, principal.user))) {
        return refused((await reader.get(principal, id)).status);
      }
      return { kind: 'canceled', execution: await reader.get(principal, id) };
    },
    change: async (principal, id, change) => {
      authorise(principal, 'execution_stop', id);
      const execution = await reader.get(principal, id);
      if (isCompleted(execution.status)) {
        throw new EverstormError('ALREADY_COMPLETED', 'Execution is already in completed state.');
      }
      const wish = change.status ?? '';
      if (WISHES_CANCEL.has(wish)) {
        await deps.executions.cancel(execution.id, principal.user);
        return reader.get(principal, id);
      }
      if (WISHES_PAUSE.has(wish)) {
        throw new EverstormError('INVALID_REQUEST', `Execution is not a workflow, so it can't be ${wish}.`);
      }
      throw new EverstormError('INVALID_REQUEST', 'The only supported change of an execution is its cancellation.');
    },
  };
}

const refused = (status: ExecutionStatus): CancelOutcome => ({
  kind: 'refused',
  faultstring: `Action cannot be canceled. State = ${status}.`,
});

function refuseTasks({ tasks, reset }: ReRunRequest): void {
  if ((tasks?.length ?? 0) + (reset?.length ?? 0) === 0) return;
  throw new EverstormError('INVALID_REQUEST', 'Task option is only supported for Orquesta workflows.');
}

async function resolveAction(
  { store, runnerTypes }: ServiceDependencies,
  ref: string,
): Promise<{ action: Action; runner: RunnerType; packPath: string }> {
  const known = await store.definitions.toRun(ref);
  if (!known) throw new EverstormError('UNKNOWN_ACTION', `Action "${ref}" cannot be found.`);
  const { action, pack, setting } = known;
  if (!action.enabled)
    throw new EverstormError('ACTION_DISABLED', `Unable to execute. Action "${action.ref}" is disabled.`);
  const runner = runnerTypes.find(({ name }) => name === action.runner_type);
  if (!runner) throw new EverstormError('UNKNOWN_RUNNER', `RunnerType ${action.runner_type} is not found.`);
  if (setting?.enabled === false) {
    const text = `Unable to execute. Runner "${runner.name}" of action "${action.ref}" is disabled.`;
    throw new EverstormError('RUNNER_DISABLED', text);
  }
  return { action, runner, packPath: pack?.path ?? '' };
}

function contextOf(principal: Principal, request: ExecutionRequest, action: Action): ExecutionContext {
  const given = (request.context ?? {}) as Omit<ExecutionContext, 'user' | 'pack'>;
  return { ...given, user: request.user ?? principal.user, pack: action.pack };
}

function requestedState(input: ExecutionInput, runId: string, now: number): ExecutionState {
  const at = formatTimestamp(now);
  const status = ExecutionStatus.requested;
  const changes = [{ run: runId, sequence: 0, status, at }];
  return { input, runId, status, startedAt: at, context: input.context, log: logOf(changes), changes };
}
