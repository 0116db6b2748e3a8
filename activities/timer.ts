import { EverstormError } from '../src/model/errors';
import { INTERVAL_TIMER_TYPE } from '../src/model/trigger';
import type { NextFireSpec } from './contract';

const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['weeks', 604_800_000],
  ['days', 86_400_000],
  ['hours', 3_600_000],
  ['minutes', 60_000],
  ['seconds', 1_000],
]);

/**
 * When a timer fires next, strictly after `afterIso` (ISO 8601); null when it never does again.
 * Pure. Throws INVALID_PARAMETERS for an unknown unit or a delta that is no positive integer, UNKNOWN_TRIGGER for another timer type.
 */
export function nextFire(spec: NextFireSpec): string | null {
  if (spec.triggerType !== INTERVAL_TIMER_TYPE) {
    throw new EverstormError('UNKNOWN_TRIGGER', `No timer of type ${spec.triggerType}`);
  }
  const anchor = Date.parse(spec.anchorIso);
  const step = intervalMs(spec.parameters['unit'], spec.parameters['delta']);
  const passed = Math.max(Math.floor((Date.parse(spec.afterIso) - anchor) / step), 0);
  return new Date(anchor + (passed + 1) * step).toISOString();
}

function intervalMs(unit: unknown, delta: unknown): number {
  const unitMs = typeof unit === 'string' ? UNIT_MS.get(unit) : undefined;
  if (unitMs === undefined) {
    const expected = [...UNIT_MS.keys()].join(', ');
    throw new EverstormError('INVALID_PARAMETERS', 'unknown unit of an interval', { field: 'unit', expected });
  }
  if (typeof delta !== 'number' || !Number.isSafeInteger(delta) || delta < 1) {
    throw new EverstormError('INVALID_PARAMETERS', 'delta of an interval is not usable', {
      field: 'delta',
      expected: 'a positive integer',
    });
  }
  return delta * unitMs;
}
