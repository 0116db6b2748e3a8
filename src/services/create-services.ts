import type { Principal } from '../model/principal';
import type { ActionService } from './actions';
import { createActionService } from './actions';
import type { BackfillService } from './backfills';
import { createBackfillService } from './backfills';
import type { ServiceDependencies } from './context';
import type { DeadLetterService } from './dead-letters';
import { createDeadLetterService } from './dead-letters';
import type { EnforcementService } from './enforcements';
import { createEnforcementService } from './enforcements';
import type { ExecutionService } from './executions';
import { createExecutionService } from './executions';
import type { ExplanationService } from './explanations';
import { createExplanationService } from './explanations';
import type { PackService, RegisterPacks } from './packs-view';
import { createPackService } from './packs-view';
import type { Rebuilt } from './rebuild';
import { createRebuild } from './rebuild';
import type { ReEmissionService } from './re-emissions';
import { createReEmissionService } from './re-emissions';
import type { RuleService } from './rules';
import { createRuleService } from './rules';
import type { RunnerTypeService } from './runner-types';
import { createRunnerTypeService } from './runner-types';
import type { SensorTypeService } from './sensor-types';
import { createSensorTypeService } from './sensor-types';
import type { TriggerInstanceService } from './trigger-instances';
import { createTriggerInstanceService } from './trigger-instances';
import type { TriggerService } from './triggers';
import { createTriggerService } from './triggers';
import type { VersionService } from './versions';
import { createVersionService } from './versions';
import type { WebhookService } from './webhooks';
import { createWebhookService } from './webhooks';

/** All use cases that a door offers. */
export interface Services {
  actions: ActionService;
  executions: ExecutionService;
  rules: RuleService;
  triggers: TriggerService;
  triggerInstances: TriggerInstanceService;
  reEmissions: ReEmissionService;
  enforcements: EnforcementService;
  explanations: ExplanationService;
  backfills: BackfillService;
  deadLetters: DeadLetterService;
  webhooks: WebhookService;
  packs: PackService;
  runnerTypes: RunnerTypeService;
  sensorTypes: SensorTypeService;
  versions: VersionService;
  rebuild: (principal: Principal) => Promise<Rebuilt>;
}

export function createServices(deps: ServiceDependencies, registerPacks: RegisterPacks): Services {
  const triggerInstances = createTriggerInstanceService(deps);
  return {
    actions: createActionService(deps),
    executions: createExecutionService(deps),
    rules: createRuleService(deps),
    triggers: createTriggerService(deps),
    triggerInstances,
    reEmissions: createReEmissionService(deps),
    enforcements: createEnforcementService(deps, triggerInstances),
    explanations: createExplanationService(deps),
    backfills: createBackfillService(deps),
    deadLetters: createDeadLetterService(deps),
    webhooks: createWebhookService(deps),
    packs: createPackService(deps, registerPacks),
    runnerTypes: createRunnerTypeService(deps),
    sensorTypes: createSensorTypeService(deps),
    versions: createVersionService(deps),
    rebuild: createRebuild(deps),
  };
}
