import { EverstormError } from '../model/errors';
import type { HealthCheck } from '../ports/health';

/** What /readyz asks of this process, from before it is connected to anything until it ends. Names are dependencies (`kafka`) or parts of the process (`worker`). */
export interface Readiness {
  /** The same array for the life of the process; its entries change. */
  readonly checks: readonly HealthCheck[];
  /** Not ready on this account until told otherwise. */
  lacks(name: string, reason: string): void;
  /** From now on this check decides. */
  has(check: HealthCheck): void;
  /** Nothing more to say under this name. */
  forget(name: string): void;
}

export function createReadiness(): Readiness {
  const checks: HealthCheck[] = [];
  const place = (name: string): number => {
    const found = checks.findIndex((check) => check.name === name);
    return found < 0 ? checks.length : found;
  };
  const has = (check: HealthCheck): void => void (checks[place(check.name)] = check);
  return {
    checks,
    has,
    lacks: (name, reason) => has({ name, check: () => Promise.reject(new EverstormError('UNAVAILABLE', reason)) }),
    forget: (name) => void checks.splice(place(name), 1),
  };
}
