import { EverstormError, messageOf } from '../../model/errors';
import type { WorkflowBuild } from '../../model/workflow-build';
import type { Deployments } from '../../ports/deployments';
import type { HealthCheck } from '../../ports/health';
import type { WorkflowBundles } from '../../ports/workflow-bundles';
import type { Logger } from '../../telemetry/logger';
import { forgetUnused } from './forget-unused';
import { keepLooking } from './keep-looking';
import { promoteOwn } from './promote-own';
import { wantedBuilds } from './wanted';

const LOOK_EVERY_MS = 15_000;
/** A worker goes after so many looks without need: visibility may be late, and an execution's first step may be under way. */
const LOOKS_UNTIL_STOP = 2;
/** Bundles that nobody needs are looked for every five minutes. */
const LOOKS_UNTIL_CLEANING = 20;

/** A Temporal worker that serves one build. */
export interface BuildWorkerProcess {
  /** Resolves when what it was doing has ended. */
  stop(): Promise<void>;
}

export interface BuildPoolOptions {
  own: WorkflowBuild;
  /** No other process runs workers (`dev`): the own build is always promoted, and all others are run here. */
  alone: boolean;
  bundles: WorkflowBundles;
  deployments: Deployments;
  runWorker(build: WorkflowBuild): Promise<BuildWorkerProcess>;
  log: Pick<Logger, 'info' | 'warn'>;
  /** Default 15 s. */
  everyMs?: number;
}

export interface BuildPool {
  /** Not ready while it is not settled which version new executions run on: until then they would wait, or run on the former one. */
  health: readonly HealthCheck[];
  /** Stops all workers, at the same time. */
  stop(): Promise<void>;
}

interface Member {
  worker: BuildWorkerProcess;
  /** Looks in a row at which nothing needed it. */
  idle: number;
}

/**
 * Runs one worker for the own build, and one for each other build that has open executions or is current, as long as that is so.
 * Resolves once the own worker runs; promotion and the others follow by themselves.
 * A build that came after the own one may need activities that this program lacks: it is run only while no other process does.
 */
export async function startBuildPool(options: BuildPoolOptions): Promise<BuildPool> {
  const { own, alone, bundles, deployments, log } = options;
  const members = new Map<string, Member>();
  const stopping = new AbortController();
  let promotion: Promise<void> | undefined;
  let looks = 0;

  const promote = (): void => {
    const { signal } = stopping;
    promotion ??= promoteOwn({ buildId: own.buildId, always: alone, bundles, deployments, log, signal }).finally(() => {
      promotion = undefined;
    });
  };

  const start = async (buildId: string): Promise<void> => {
    const code = buildId === own.buildId ? own.code : await bundles.code(buildId);
    if (code === null || stopping.signal.aborted) return;
    members.set(buildId, { worker: await options.runWorker({ buildId, code }), idle: 0 });
    if (buildId !== own.buildId) log.info({ version: buildId }, 'running another version, which executions need');
  };

  const stopIdle = async (needed: ReadonlySet<string>): Promise<void> => {
    const idle: [string, Member][] = [];
    for (const [buildId, member] of members) {
      member.idle = needed.has(buildId) ? 0 : member.idle + 1;
      if (member.idle >= LOOKS_UNTIL_STOP) idle.push([buildId, member]);
    }
    await Promise.all(
      idle.map(async ([buildId, { worker }]) => {
        members.delete(buildId);
        await worker.stop();
        log.info({ version: buildId }, 'version is drained, its worker stopped');
      }),
    );
  };

  const stopAll = async (): Promise<void> => {
    const all = [...members.values()];
    members.clear();
    await Promise.all(all.map(({ worker }) => worker.stop()));
  };

  const look = async (): Promise<void> => {
    // Another process may have thought it unused.
    await bundles.keep(own);
    const known = await bundles.list();
    const kept = known.filter((build) => build.kept).map(({ buildId }) => buildId);
    const current = await deployments.current();
    if (current === null) promote();
    const open = await deployments.open(kept.filter((buildId) => buildId !== own.buildId));
    const { wanted, newer } = wantedBuilds({ own: own.buildId, current, kept, open });
    const missing = wanted.filter((buildId) => !members.has(buildId));
    const elsewhere = !alone && missing.some((buildId) => newer.has(buildId)) ? await runElsewhere(deployments) : null;
    for (const buildId of missing) {
      if (elsewhere?.has(buildId) && newer.has(buildId)) continue;
      await start(buildId).catch((error: unknown) =>
        log.warn({ version: buildId, reason: messageOf(error) }, 'version could not be started'),
      );
    }
    await stopIdle(new Set(wanted));
    if (++looks % LOOKS_UNTIL_CLEANING === 0) await forgetUnused({ known, current, bundles, deployments });
  };

  await bundles.keep(own);
  await start(own.buildId);
  promote();
  const looking = keepLooking(look, {
    everyMs: options.everyMs ?? LOOK_EVERY_MS,
    onError: (error) => log.warn({ reason: messageOf(error) }, 'versions of the workflows could not be looked at'),
  });
  const check = (): Promise<void> =>
    promotion === undefined
      ? Promise.resolve()
      : Promise.reject(new EverstormError('UNAVAILABLE', `Temporal does not start executions on ${own.buildId} yet`));
  return {
    health: [{ name: 'versions', check }],
    stop: async () => {
      stopping.abort();
      await Promise.all([stopAll(), looking.stop(), promotion]);
      // One that a look was just starting.
      await stopAll();
    },
  };
}

async function runElsewhere(deployments: Deployments): Promise<Set<string>> {
  const workers = await deployments.workers();
  return new Set(workers.filter(({ alive }) => alive).map(({ buildId }) => buildId));
}
