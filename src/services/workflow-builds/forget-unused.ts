import type { KnownBuild } from '../../model/workflow-build';
import type { Deployments } from '../../ports/deployments';
import type { WorkflowBundles } from '../../ports/workflow-bundles';

/** A build that had no execution yet is kept so long, so that one can still go back to it. */
const KEPT_AT_LEAST_MS = 86_400_000;

/**
 * Lets go of bundles of which Temporal remembers no execution, open or ended (one that ended may be reset), and which no worker serves.
 * A process whose build was forgotten too early keeps it again by itself.
 */
export async function forgetUnused({
  known,
  current,
  bundles,
  deployments,
}: {
  known: readonly KnownBuild[];
  current: string | null;
  bundles: Pick<WorkflowBundles, 'forget'>;
  deployments: Pick<Deployments, 'workers' | 'remembered'>;
}): Promise<void> {
  const before = Date.now() - KEPT_AT_LEAST_MS;
  const old = known.filter(
    ({ buildId, kept, firstSeen }) => kept && buildId !== current && Date.parse(firstSeen) < before,
  );
  if (old.length === 0) return;
  const served = new Set((await deployments.workers()).map(({ buildId }) => buildId));
  for (const { buildId } of old.filter((build) => !served.has(build.buildId))) {
    if ((await deployments.remembered(buildId)) === 0) await bundles.forget(buildId);
  }
}
