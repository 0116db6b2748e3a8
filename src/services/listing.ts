/** What doors need of the ports to ask for lists and to tell their own health. */
export type { HealthCheck } from '../ports/health';
export type { DefinitionQuery, ExecutionQuery, Page } from '../ports/store';
