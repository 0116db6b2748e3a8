import { setTimeout as delay } from 'node:timers/promises';
import { ExecutionStatus, isCompleted } from '../../model/statuses';
import type { DemoInput } from './inputs';

/** The way of one input through the platform, as the API tells it. */
export interface Trail {
  input: DemoInput;
  instanceIds: string[];
  executions: { id: string; status: string; result: unknown }[];
}

export interface Tally {
  events: number;
  executions: number;
  succeeded: number;
  lost: number;
  duplicates: number;
}

interface Instance {
  id: string;
  payload: unknown;
}
interface Enforcement {
  execution_id?: string;
  trigger_instance_id: string;
  rule: { ref: string };
  status: string;
}
interface ExecutionAnswer {
  id: string;
  status: ExecutionStatus;
  result?: unknown;
}

/** Reads the API; an API that is down for a while is waited for, within the caller's bound. */
export function createTracer(apiUrl: string, since: string) {
  const ask = async <T>(path: string): Promise<T | null> => {
    try {
      const response = await fetch(`${apiUrl}/api/v1${path}`, { signal: AbortSignal.timeout(10_000) });
      return response.ok ? ((await response.json()) as T) : null;
    } catch {
      return null;
    }
  };

  /** What is known now of these inputs. */
  const look = async (inputs: readonly DemoInput[]): Promise<Trail[] | null> => {
    const [instances, enforcements] = await Promise.all([
      ask<Instance[]>(`/triggerinstances?limit=-1&timestamp_gt=${encodeURIComponent(since)}`),
      ask<Enforcement[]>(`/ruleenforcements?limit=-1&enforced_at_gt=${encodeURIComponent(since)}`),
    ]);
    if (!instances || !enforcements) return null;
    const texts = instances.map(({ id, payload }) => ({ id, text: JSON.stringify(payload) }));
    return Promise.all(
      inputs.map(async (input) => {
        const instanceIds = texts.filter(({ text }) => text.includes(JSON.stringify(input.host))).map(({ id }) => id);
        const ids = enforcements
          .filter((enforcement) => instanceIds.includes(enforcement.trigger_instance_id))
          .filter((enforcement) => enforcement.rule.ref === input.ruleRef)
          .flatMap(({ execution_id: id, status }) => (id && status === 'succeeded' ? [id] : []));
        const executions = await Promise.all([...new Set(ids)].map((id) => ask<ExecutionAnswer>(`/executions/${id}`)));
        const known = executions.filter((execution) => execution !== null);
        return { input, instanceIds, executions: known.map(({ id, status, result }) => ({ id, status, result })) };
      }),
    );
  };

  /** Looks until every input has a completed execution, or the bound is reached. */
  const follow = async (inputs: readonly DemoInput[], timeoutMs: number): Promise<Trail[]> => {
    const end = Date.now() + timeoutMs;
    for (let pause = 200; ; pause = Math.min(2_000, pause * 1.5)) {
      const trails = await look(inputs);
      if (trails && (trails.every(isEnded) || Date.now() > end)) return trails;
      if (Date.now() > end) return inputs.map((input) => ({ input, instanceIds: [], executions: [] }));
      await delay(pause);
    }
  };
  return { follow };
}

const isEnded = ({ executions }: Trail): boolean =>
  executions.length > 0 && executions.every(({ status }) => isCompleted(status as ExecutionStatus));

/**
 * Counts against what was sent, not against what the platform says it got. `reports` is the text that the actions left behind;
 * a host reported twice is a duplicate whatever the API says.
 */
export function tally(trails: readonly Trail[], reports: string): Tally {
  const succeeded = (trail: Trail): boolean =>
    trail.executions.some(({ status }) => status === ExecutionStatus.succeeded);
  const effects = (trail: Trail): number => reports.split(` on ${trail.input.host}:`).length - 1;
  return {
    events: trails.length,
    executions: trails.reduce((sum, trail) => sum + trail.executions.length, 0),
    succeeded: trails.filter(succeeded).length,
    lost: trails.filter((trail) => !succeeded(trail) || effects(trail) === 0).length,
    duplicates: trails.reduce(
      (sum, trail) => sum + Math.max(0, Math.max(trail.executions.length, effects(trail)) - 1),
      0,
    ),
  };
}
