import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../model/errors';
import type { Deployments } from '../../ports/deployments';
import type { WorkflowBundles } from '../../ports/workflow-bundles';
import type { Logger } from '../../telemetry/logger';

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 5_000;

export interface Promotion {
  buildId: string;
  /** Also when another build was current before: for the one process of `dev`. */
  always: boolean;
  bundles: Pick<WorkflowBundles, 'list' | 'markPromoted'>;
  deployments: Pick<Deployments, 'current' | 'served' | 'promote'>;
  log: Pick<Logger, 'info' | 'warn'>;
  /** Ends the waiting. */
  signal: AbortSignal;
}

/**
 * Makes this process's build the current one when that is due: it never was and no younger one is, or there is no current one at all.
 * A replica that restarts during an upgrade therefore changes nothing. Waits until Temporal knows the build's worker; trouble is
 * logged and tried again. Resolves when it is done, not due, or the signal came.
 */
export async function promoteOwn(promotion: Promotion): Promise<void> {
  const { buildId, bundles, deployments, log, signal } = promotion;
  for (let waitMs = FIRST_WAIT_MS; !signal.aborted; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    try {
      if (!(await isDue(promotion))) return;
      if (await deployments.served(buildId)) {
        await deployments.promote(buildId);
        await bundles.markPromoted(buildId);
        log.info({ version: buildId }, 'new executions run on this version');
        return;
      }
    } catch (error) {
      if (!signal.aborted) log.warn({ version: buildId, reason: messageOf(error) }, 'version is not current yet');
    }
    await delay(waitMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
  }
}

async function isDue({ buildId, always, bundles, deployments }: Promotion): Promise<boolean> {
  const [current, builds] = await Promise.all([deployments.current(), bundles.list()]);
  const place = builds.findIndex((build) => build.buildId === buildId);
  const promoted = builds[place]?.promoted === true;
  if (current === buildId) {
    // Died between the two steps, or somebody else did it.
    if (!promoted) await bundles.markPromoted(buildId);
    return false;
  }
  const younger = builds.slice(place + 1).some((build) => build.promoted);
  return always || current === null || !(promoted || younger);
}
