import type { TriggerInstance } from '../model/event';
import type { Execution } from '../model/execution';
import { isId } from '../model/ids';
import type { Principal } from '../model/principal';
import type { RuleEnforcement } from '../model/rule';
import type { EnforcementQuery, Page } from '../ports/store';
import { errorCode } from '../model/errors';
import { authorise } from './authorisation';
import type { ServiceDependencies } from './context';
import { found, noSuchId } from './not-found';
import type { TriggerInstanceService } from './trigger-instances';

/** An enforcement with its trigger instance and the execution it led to. */
export interface EnforcementView extends RuleEnforcement {
  trigger_instance?: TriggerInstance;
  execution?: Partial<Execution>;
}

export interface EnforcementService {
  list(principal: Principal, query: EnforcementQuery): Promise<Page<RuleEnforcement>>;
  get(principal: Principal, id: string): Promise<RuleEnforcement>;
  listViews(principal: Principal, query: EnforcementQuery): Promise<Page<EnforcementView>>;
  getView(principal: Principal, id: string): Promise<EnforcementView>;
}

export function createEnforcementService(
  { store }: ServiceDependencies,
  instances: Pick<TriggerInstanceService, 'get'>,
): EnforcementService {
  const get = async (principal: Principal, id: string): Promise<RuleEnforcement> => {
    authorise(principal, 'rule_enforcement_view', id);
    return found(isId(id) ? await store.enforcements.get(id) : null, noSuchId(id));
  };
  const list = (principal: Principal, query: EnforcementQuery): Promise<Page<RuleEnforcement>> => {
    authorise(principal, 'rule_enforcement_list');
    return store.enforcements.list(query);
  };
  const view = async (principal: Principal, enforcement: RuleEnforcement): Promise<EnforcementView> => {
    const [instance, execution] = await Promise.all([
      instances.get(principal, enforcement.trigger_instance_id).catch((error: unknown) => {
        if (errorCode(error) === 'NOT_FOUND') return null;
        throw error;
      }),
      enforcement.execution_id === undefined ? null : store.executions.get(enforcement.execution_id),
    ]);
    return {
      ...enforcement,
      ...(instance && { trigger_instance: instance }),
      ...(execution && { execution: brief(execution) }),
    };
  };
  return {
    get,
    list,
    listViews: async (principal, query) => {
      const { rows, total } = await list(principal, query);
      return { total, rows: await Promise.all(rows.map((row) => view(principal, row))) };
    },
    getView: async (principal, id) => view(principal, await get(principal, id)),
  };
}

/** The part of an execution that StackStorm embeds in an enforcement's view. */
function brief({ id, action, runner, status, start_timestamp: started, parameters }: Execution): Partial<Execution> {
  return {
    action: { ref: action.ref, parameters: action.parameters } as Execution['action'],
    runner: { runner_parameters: runner.runner_parameters, name: runner.name } as Execution['runner'],
    status,
    start_timestamp: started,
    ...(parameters && { parameters }),
    id,
  };
}
