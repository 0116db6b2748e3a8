import { EverstormError } from '../model/errors';
import type { Principal } from '../model/principal';
import { buildStatus } from '../model/workflow-build';
import type { BuildStatus, KnownBuild } from '../model/workflow-build';
import { authorise } from './authorisation';
import type { ServiceDependencies } from './context';

/** A version of the workflows (a build) as the API tells it. */
export interface VersionView {
  build_id: string;
  status: BuildStatus;
  /** Open executions that finish on it. */
  open_executions: number;
  /** Executions on it that Temporal remembers, open or ended. */
  remembered_executions: number;
  /** ISO 8601. */
  first_seen: string;
  /** Worker processes that serve it now. */
  workers: number;
}

export interface VersionService {
  /** Versions that can be run, newest first. The numbers come from Temporal's visibility: they may be a second or two late. */
  list(principal: Principal): Promise<VersionView[]>;
  /** New executions run on this version from now on; open ones stay where they are. Throws NOT_FOUND when its bundle is not kept. */
  promote(principal: Principal, buildId: string): Promise<VersionView>;
}

const AT_ONCE = 8;

export function createVersionService({
  store,
  deployments,
}: Pick<ServiceDependencies, 'store' | 'deployments'>): VersionService {
  const bundles = store.workflowBundles;

  const views = async (): Promise<VersionView[]> => {
    const [known, current, workers] = await Promise.all([bundles.list(), deployments.current(), deployments.workers()]);
    const builds = known.filter(({ kept }) => kept).reverse();
    const open = await deployments.open(builds.map(({ buildId }) => buildId));
    const alive = new Map<string, Set<string>>();
    for (const worker of workers.filter((each) => each.alive)) {
      alive.set(worker.buildId, (alive.get(worker.buildId) ?? new Set()).add(worker.identity));
    }
    const view = async ({ buildId, promoted, firstSeen }: KnownBuild): Promise<VersionView> => {
      const remembered = await deployments.remembered(buildId);
      const numbers = { open: open.get(buildId) ?? 0, remembered };
      return {
        build_id: buildId,
        status: buildStatus({ current: buildId === current, promoted, ...numbers }),
        open_executions: numbers.open,
        remembered_executions: remembered,
        first_seen: firstSeen,
        workers: alive.get(buildId)?.size ?? 0,
      };
    };
    const rows: VersionView[] = [];
    for (let from = 0; from < builds.length; from += AT_ONCE) {
      rows.push(...(await Promise.all(builds.slice(from, from + AT_ONCE).map(view))));
    }
    return rows;
  };

  return {
    list: async (principal) => {
      authorise(principal, 'version_list');
      return views();
    },
    promote: async (principal, buildId) => {
      authorise(principal, 'version_promote', buildId);
      const missing = new EverstormError('NOT_FOUND', `Resource with a build id "${buildId}" not found`);
      if (!(await bundles.list()).some((build) => build.kept && build.buildId === buildId)) throw missing;
      await deployments.promote(buildId);
      await bundles.markPromoted(buildId);
      const promoted = (await views()).find((view) => view.build_id === buildId);
      if (!promoted) throw missing;
      return promoted;
    },
  };
}
