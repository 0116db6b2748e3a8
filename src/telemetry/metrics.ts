import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** The platform's metrics (Prometheus text at /metrics). Names follow StackStorm's where there is one (`rule.matched`, `action.executions`). */
export interface Metrics {
  registry: Registry;
  eventsProcessed: Counter;
  rulesMatched: Counter;
  deadLetters: Counter;
  executionsCompleted: Counter;
  runsReconciled: Counter;
  ruleLatency: Histogram;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counter = (name: string, help: string, labelNames: string[]): Counter =>
    new Counter({ name, help, labelNames, registers: [registry] });
  return {
    registry,
    eventsProcessed: counter('everstorm_events_processed_total', 'Events the rule service is past.', []),
    rulesMatched: counter('everstorm_rules_matched_total', 'Enforcements by outcome.', ['status']),
    deadLetters: counter('everstorm_dead_letters_total', 'Records set aside by reason.', ['code']),
    executionsCompleted: counter('everstorm_executions_completed_total', 'Executions that ended, by status.', [
      'status',
    ]),
    runsReconciled: counter('everstorm_runs_reconciled_total', 'Ends of runs that the runs did not tell, by status.', [
      'status',
    ]),
    ruleLatency: new Histogram({
      name: 'everstorm_event_to_start_seconds',
      help: 'From an event being read to its executions being acknowledged by Temporal.',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
      registers: [registry],
    }),
  };
}
