import { temporal } from '@temporalio/proto';
import { EverstormError } from '../../model/errors';
import type { BuildWorker, Deployments } from '../../ports/deployments';
import { call, grpcCode, GRPC } from './client';
import type { TemporalClient } from './client';

/** Name of the Worker Deployment whose versions are our builds. Never change: running executions know it. */
export const DEPLOYMENT_NAME = 'everstorm';

const { TASK_QUEUE_TYPE_WORKFLOW: WORKFLOWS, TASK_QUEUE_TYPE_ACTIVITY: ACTIVITIES } =
  temporal.api.enums.v1.TaskQueueType;
/** A poll lasts a minute at most; the server remembers who asked for five. */
const ALIVE_MS = 75_000;
/** Setting the current version waits until the server's task queues know of it. */
const PROMOTE_TIMEOUT_MS = 30_000;

/**
 * Builds as versions of Temporal's Worker Deployment {@link DEPLOYMENT_NAME}. Numbers come from visibility, so they may be a second or two late.
 * The platform's endless workflows are not counted: they follow the current build.
 */
export function createDeployments(temporalClient: TemporalClient, taskQueue: string): Deployments {
  const { connection, namespace } = temporalClient;
  const service = connection.workflowService;
  const count = async (query: string): Promise<number> =>
    Number((await call(connection, () => service.countWorkflowExecutions({ namespace, query }))).count);

  const open = async (buildIds: readonly string[]): Promise<Map<string, number>> => {
    const none = new Map(buildIds.map((buildId) => [buildId, 0] as const));
    if (buildIds.length === 0) return none;
    const total = await count(`${pinnedTo(buildIds)} AND ExecutionStatus = 'Running'`);
    if (total === 0) return none;
    if (buildIds.length === 1) return new Map([[buildIds[0] as string, total]]);
    // Standard visibility can't group by version, and most builds have none open: halves find those that do.
    const middle = Math.ceil(buildIds.length / 2);
    const halves = await Promise.all([open(buildIds.slice(0, middle)), open(buildIds.slice(middle))]);
    return new Map(halves.flatMap((half) => [...half]));
  };

  return {
    open,
    remembered: (buildId) => count(pinnedTo([buildId])),
    current: async () => {
      const found = await orNull(
        call(connection, () => service.describeWorkerDeployment({ namespace, deploymentName: DEPLOYMENT_NAME })),
      );
      return found?.workerDeploymentInfo?.routingConfig?.currentDeploymentVersion?.buildId ?? null;
    },
    served: async (buildId) => {
      const deploymentVersion = { deploymentName: DEPLOYMENT_NAME, buildId };
      const found = await orNull(
        call(connection, () => service.describeWorkerDeploymentVersion({ namespace, deploymentVersion })),
      );
      const queues = found?.workerDeploymentVersionInfo?.taskQueueInfos ?? [];
      return [WORKFLOWS, ACTIVITIES].every((type) =>
        queues.some((queue) => queue.name === taskQueue && queue.type === type),
      );
    },
    promote: (buildId) => promote(temporalClient, buildId),
    workers: () => workers(temporalClient, taskQueue),
  };
}

const pinnedTo = (buildIds: readonly string[]): string => {
  const versions = buildIds.map((buildId) => `'${DEPLOYMENT_NAME}:${buildId}'`).join(', ');
  return `TemporalWorkerDeploymentVersion IN (${versions}) AND TemporalWorkflowVersioningBehavior = 'Pinned'`;
};

async function promote({ connection, namespace, client }: TemporalClient, buildId: string): Promise<void> {
  const request = { namespace, deploymentName: DEPLOYMENT_NAME, buildId, identity: client.options.identity };
  const set = (): Promise<object> => connection.workflowService.setWorkerDeploymentCurrentVersion(request);
  try {
    await call(connection, set, PROMOTE_TIMEOUT_MS);
  } catch (cause) {
    const code = grpcCode(cause);
    if (code === GRPC.NOT_FOUND)
      throw new EverstormError('NOT_FOUND', `Temporal knows no worker of version ${buildId}`, {}, { cause });
    if (code === GRPC.FAILED_PRECONDITION)
      throw new EverstormError('CONFLICT', `version ${buildId} can't take over yet: its workers do not serve all task queues`, {}, { cause }); // prettier-ignore
    throw cause;
  }
}

async function workers({ connection, namespace }: TemporalClient, taskQueue: string): Promise<BuildWorker[]> {
  const { pollers } = await call(connection, () =>
    connection.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: WORKFLOWS,
    }),
  );
  const since = Date.now() - ALIVE_MS;
  return (pollers ?? []).flatMap(({ deploymentOptions, identity, lastAccessTime }) => {
    if (deploymentOptions?.deploymentName !== DEPLOYMENT_NAME || !deploymentOptions.buildId) return [];
    const alive = Number(lastAccessTime?.seconds ?? 0) * 1_000 >= since;
    return [{ buildId: deploymentOptions.buildId, identity: identity ?? '', alive }];
  });
}

async function orNull<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (grpcCode(error) === GRPC.NOT_FOUND) return null;
    throw error;
  }
}
