import type { LogEntry } from '../../../../src/model/event';
import { executionIdForEvent, triggerInstanceId } from '../../../../src/model/ids';
import type { ExecutionInput } from '../../../../src/model/execution';
import type { JsonObject } from '../../../../src/model/json';
import type { Rule, RuleEnforcement } from '../../../../src/model/rule';
import type { RunnerType } from '../../../../src/model/runner-type';
import type { DefinitionSnapshot } from '../../../../src/ports/store';
import type { StartOutcome } from '../../../../src/ports/executions';
import type { BackfillParts } from '../../../../src/services/backfill/parts';
import { compileDefinitions } from '../../../../src/services/definition-changes';

/** A rule of trigger `t.a` for events that have `go: <its name>`. */
export const rule = (name: string, more: object = {}): Rule =>
  ({
    ...{ id: name, uid: `rule:p:${name}`, ref: `p.${name}`, name, pack: 'p', enabled: true },
    ...{ type: { ref: 'standard', parameters: {} }, trigger: { type: 't.a', ref: 't.a', parameters: {} } },
    criteria: { 'trigger.go': { type: 'eq', pattern: name } },
    action: { ref: 'core.echo', parameters: { message: '{{ trigger.text }}', password: 'hunter2' } },
    ...more,
  }) as unknown as Rule;

export interface Written {
  id: string;
  payload: JsonObject;
  trigger?: string;
  source?: string;
  malformed?: true;
}

/** A log of one partition, starting at offset 0 and read by three entries at a time; what was started and recorded is kept. */
export function worldOf(written: readonly Written[], rules: readonly Rule[] = []) {
  const entries = written.map(({ id, payload, trigger = 't.a', source = 's', malformed }, offset): LogEntry => {
    const place = { partition: 0, offset };
    if (malformed)
      return {
        kind: 'malformed',
        record: {
          ...place,
          id: 'i0',
          recordedAt: null,
          reason: 'INVALID_EVENT',
          detail: '',
          key: null,
          value: null,
          headers: {},
        },
      };
    const instanceId = triggerInstanceId({ epoch: 1, ...place });
    return {
      kind: 'event',
      event: { ...place, trigger, source, eventId: id, occurredAt: '2026-11-01T00:00:00.000Z', payload, instanceId },
    };
  });
  const runs = new Map<string, string>();
  const enforcements = new Map<string, RuleEnforcement>();
  const inputs: ExecutionInput[] = [];
  const definitions = compileDefinitions({
    version: 7,
    rules,
    actions: [
      {
        ...{ ref: 'core.echo', pack: 'core', enabled: true, runner_type: 'r' },
        parameters: { message: { type: 'string' }, password: { type: 'string', secret: true } },
      },
    ],
    triggerTypes: [{ ref: 't.a', payload_schema: { type: 'object' } }],
    ...{ triggers: [], packs: [], runnerSettings: [] },
  } as unknown as DefinitionSnapshot);
  const parts: BackfillParts = {
    events: {
      range: () => Promise.resolve({ epoch: 1, spans: [{ partition: 0, from: 0, before: entries.length }] }),
      readSpan: (_epoch, { from, before }) =>
        Promise.resolve({ entries: entries.slice(from, Math.min(from + 3, before)), next: Math.min(from + 3, before) }),
    },
    executions: {
      start: (input): Promise<StartOutcome> => {
        const instance = input.context.trigger_instance?.id ?? '';
        const first = runs.get(input.executionId);
        if (first !== undefined) return Promise.resolve({ kind: 'already-started', triggerInstanceId: first });
        runs.set(input.executionId, instance);
        inputs.push(input);
        return Promise.resolve({ kind: 'started', runId: 'r' });
      },
    },
    store: {
      enforcements: {
        record: (rows) => Promise.resolve(rows.forEach((row) => enforcements.set(row.id, row))),
        known: (ids) =>
          Promise.resolve(
            new Map(
              ids.flatMap((id) =>
                [...enforcements.values()]
                  .filter((row) => row.id === id)
                  .map((row) => [id, row.trigger_instance_id] as const),
              ),
            ),
          ),
      },
    },
    definitions: { current: () => definitions },
    validatePayload: (_schema, payload) => ((payload as JsonObject)['bad'] === undefined ? null : 'bad payload'),
    runnerType: () => ({ name: 'r', runner_parameters: {} }) as unknown as RunnerType,
    now: Date.now,
  };
  const span = { partition: 0, from: 0, before: entries.length };
  return {
    parts,
    span,
    runs,
    enforcements,
    inputs,
    idOf: (of: Rule, id: string, source = 's') => executionIdForEvent(of.uid, source, id),
  };
}
