/** Who asks. Every service call carries one, so that authentication and roles can be added at the doors without touching services. */
export interface Principal {
  /** User name; StackStorm's system user is `stanley`. */
  user: string;
  /** The door the request came through. */
  via: 'api' | 'cli' | 'rules' | 'sensor' | 'timer' | 'workflow' | 'system';
}

export const SYSTEM_USER = 'stanley';
export const systemPrincipal = (via: Principal['via']): Principal => ({ user: SYSTEM_USER, via });

/** What a principal wants to do; StackStorm's permission types (reference: RBAC). */
export const PERMISSIONS = [
  'action_list', 'action_view', 'action_create', 'action_modify', 'action_delete', 'action_execute',
  'execution_list', 'execution_view', 'execution_rerun', 'execution_stop',
  'rule_list', 'rule_view', 'rule_create', 'rule_modify', 'rule_delete', 'rule_backfill',
  'backfill_list', 'backfill_view', 'backfill_cancel',
  'rule_enforcement_list', 'rule_enforcement_view',
  'trigger_list', 'trigger_view', 'trigger_create', 'trigger_modify', 'trigger_delete',
  'pack_list', 'pack_view', 'pack_register',
  'runner_type_list', 'runner_type_view', 'runner_type_modify',
  'sensor_type_list', 'sensor_type_view', 'sensor_type_modify',
  'webhook_list', 'webhook_view', 'webhook_send',
  'payload_decode',
  'read_model_rebuild',
  'dead_letter_list', 'dead_letter_view', 'dead_letter_redrive', 'dead_letter_purge',
  'version_list', 'version_promote',
] as const; // prettier-ignore
export type Permission = (typeof PERMISSIONS)[number];
