import type { WorkflowBuild } from '../../../../src/model/workflow-build';
import { startBuildPool } from '../../../../src/services/workflow-builds/pool';
import type { BuildPool } from '../../../../src/services/workflow-builds/pool';
import { eventually, MemoryBundles, MemoryDeployments, quiet } from './fakes';

const own: WorkflowBuild = { buildId: 'own', code: 'own code' };
const older = { buildId: 'older', promoted: true };
const newer = { buildId: 'newer', promoted: true };
const known = { buildId: 'own', promoted: true };

let pool: BuildPool | undefined;
afterEach(() => pool?.stop());

async function start(bundles: MemoryBundles, deployments: MemoryDeployments, alone = false) {
  /** What runs now: code by build. */
  const running = new Map<string, string>();
  const started: string[] = [];
  const bad = new Set<string>();
  pool = await startBuildPool({
    own,
    alone,
    bundles,
    deployments,
    log: quiet,
    everyMs: 2,
    runWorker: async ({ buildId, code }) => {
      if (bad.has(buildId)) throw new Error('does not start');
      running.set(buildId, code);
      started.push(buildId);
      await Promise.resolve();
      return { stop: () => Promise.resolve(void running.delete(buildId)) };
    },
  });
  /** Resolves when this many whole looks have passed since now. */
  const looks = async (count: number): Promise<void> => {
    const from = deployments.looks;
    await eventually(`${count} looks`, () => deployments.looks > from + count);
  };
  return { running, started, bad, looks };
}

test('a fresh platform: the own build is kept, runs and becomes the current one', async () => {
  const [bundles, deployments] = [new MemoryBundles(), new MemoryDeployments()];
  const { running } = await start(bundles, deployments);
  expect([...running]).toEqual([['own', 'own code']]);
  await expect(pool?.health[0]?.check()).rejects.toThrow('does not start executions on own yet');
  deployments.servedBuilds.add('own');
  await eventually('promoted', () => bundles.of('own')?.promoted === true);
  expect(deployments.promotions).toEqual(['own']);
  await expect(pool?.health[0]?.check()).resolves.toBeUndefined();
});

test('a build with open executions runs from its kept bundle, as long as it has any, and again when it has some again', async () => {
  const [bundles, deployments] = [new MemoryBundles(older, known), new MemoryDeployments()];
  deployments.now = 'own';
  deployments.openOn.set('older', 3);
  const { running, started, looks } = await start(bundles, deployments);
  await eventually('it runs', () => running.has('older'));
  expect(running.get('older')).toBe('code of older');
  deployments.openOn.set('older', 0);
  await eventually('it stopped', () => !running.has('older'));
  deployments.openOn.set('older', 1);
  await eventually('it runs again', () => running.has('older'));
  await looks(5);
  expect(started).toEqual(['own', 'older', 'older']);
  expect(running.has('own')).toBe(true);
});

test('the current build runs without open executions too', async () => {
  const [bundles, deployments] = [new MemoryBundles(older, known), new MemoryDeployments()];
  deployments.now = 'older';
  const { running, looks } = await start(bundles, deployments);
  await looks(5);
  expect([...running.keys()].sort()).toEqual(['older', 'own']);
});

test('a newer build is left to the processes that ship it, unless none does', async () => {
  const [bundles, deployments] = [new MemoryBundles(known, newer), new MemoryDeployments()];
  deployments.now = 'newer';
  deployments.openOn.set('newer', 5);
  deployments.pollers = [{ buildId: 'newer', identity: 'other', alive: true }];
  const { running, looks } = await start(bundles, deployments);
  await looks(5);
  expect([...running.keys()]).toEqual(['own']);
  expect(deployments.promotions).toEqual([]);
  deployments.pollers = [{ buildId: 'newer', identity: 'other', alive: false }];
  await eventually('it runs here', () => running.has('newer'));
});

test('the one process of dev runs newer builds too, and its own becomes the current one', async () => {
  const [bundles, deployments] = [new MemoryBundles(known, newer), new MemoryDeployments()];
  deployments.now = 'newer';
  deployments.openOn.set('newer', 5);
  deployments.servedBuilds.add('own');
  deployments.pollers = [{ buildId: 'newer', identity: 'the process before', alive: true }];
  const { running } = await start(bundles, deployments, true);
  await eventually('both run', () => running.has('newer'));
  await eventually('promoted', () => deployments.now === 'own');
});

test('trouble with Temporal or with one build keeps no other from running', async () => {
  const bundles = new MemoryBundles({ buildId: 'broken' }, older, known);
  const deployments = new MemoryDeployments();
  deployments.now = 'own';
  deployments.openOn.set('older', 1).set('broken', 1);
  deployments.troubles.push(new Error('away'), new Error('still away'));
  const { running, bad } = await start(bundles, deployments);
  bad.add('broken');
  await eventually('it runs', () => running.has('older'));
  expect([...running.keys()]).not.toContain('broken');
});

test('its own bundle is kept again when another process forgot it', async () => {
  const [bundles, deployments] = [new MemoryBundles(known), new MemoryDeployments()];
  deployments.now = 'own';
  await start(bundles, deployments);
  await bundles.forget('own');
  await eventually('kept again', () => bundles.of('own')?.kept === true);
});

test('bundles without executions and workers are forgotten after a day; all others are kept', async () => {
  const names = ['unused', 'remembered', 'served', 'current'];
  const bundles = new MemoryBundles(...names.map((buildId) => ({ buildId })), known, { buildId: 'young' });
  Object.assign(bundles.of('young') ?? {}, { firstSeen: new Date().toISOString() });
  const deployments = new MemoryDeployments();
  deployments.now = 'current';
  deployments.rememberedOn.set('remembered', 1);
  deployments.pollers = ['served', 'own'].map((buildId) => ({ buildId, identity: 'x', alive: false }));
  await start(bundles, deployments);
  await eventually('forgotten', () => bundles.of('unused')?.kept === false);
  const { looks } = deployments;
  await eventually('another cleaning', () => deployments.looks > looks + 25);
  expect(bundles.builds.filter(({ kept }) => kept).map(({ buildId }) => buildId)).toEqual([
    'remembered',
    'served',
    'current',
    'own',
    'young',
  ]);
});

test('stopping stops all workers at the same time, and does not wait for a version that Temporal does not know', async () => {
  const [bundles, deployments] = [new MemoryBundles(older), new MemoryDeployments()];
  deployments.openOn.set('older', 1);
  const started: string[] = [];
  const stopping: string[] = [];
  let release = (): void => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  const slow = await startBuildPool({
    own,
    alone: false,
    bundles,
    deployments,
    log: quiet,
    everyMs: 60_000,
    runWorker: async ({ buildId }) => {
      started.push(buildId);
      await Promise.resolve();
      return {
        stop: () => {
          stopping.push(buildId);
          return gate;
        },
      };
    },
  });
  await eventually('both run', () => started.length === 2);
  const stopped = slow.stop();
  await eventually('both are told', () => stopping.length === 2);
  release();
  await stopped;
});
