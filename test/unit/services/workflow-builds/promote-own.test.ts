import { buildStatus } from '../../../../src/model/workflow-build';
import { promoteOwn } from '../../../../src/services/workflow-builds/promote-own';
import { MemoryBundles, MemoryDeployments, quiet } from './fakes';

/** Builds that are known, oldest first; `+` marks those that were current once. */
function world(builds: string[], now: string | null) {
  const known = builds.map((name) => ({ buildId: name.replace('+', ''), promoted: name.endsWith('+') }));
  const deployments = new MemoryDeployments();
  deployments.now = now;
  deployments.servedBuilds.add('own');
  return { bundles: new MemoryBundles(...known), deployments };
}

test.each([
  ['a build that was never current becomes it', ['older+', 'own'], 'older', false, true],
  ['the first build of all becomes it', ['own'], null, false, true],
  ['one that was current stays behind a newer one: an old replica restarts', ['own+', 'newer+'], 'newer', false, false],
  ['one that was gone back from stays so', ['older+', 'own+'], 'older', false, false],
  ['one that was overtaken before it ever was current stays so', ['own', 'newer+'], 'newer', false, false],
  ['one that was seen later but is not current yet does not count', ['older+', 'own', 'newer'], 'older', false, true],
  ['one that was current becomes it again when there is none: Temporal lost its data', ['own+', 'newer+'], null, false, true],
  ['dev goes back to an older build', ['own+', 'newer+'], 'newer', true, true],
  ['the current one is not set again', ['own+'], 'own', true, false],
] as const)('%s', async (_, builds, now, always, expected) => {
  const { bundles, deployments } = world([...builds], now);
  const { signal } = new AbortController();
  await promoteOwn({ buildId: 'own', always, bundles, deployments, log: quiet, signal });
  expect(deployments.promotions).toEqual(expected ? ['own'] : []);
  if (expected) expect(bundles.of('own')?.promoted).toBe(true);
}); // prettier-ignore

test('a process that died after it promoted its build notes it at the next start', async () => {
  const { bundles, deployments } = world(['own'], 'own');
  const { signal } = new AbortController();
  await promoteOwn({ buildId: 'own', always: false, bundles, deployments, log: quiet, signal });
  expect(deployments.promotions).toEqual([]);
  expect(bundles.of('own')?.promoted).toBe(true);
});

test('it waits until the worker is known, outlives trouble, and gives up when the process stops', async () => {
  const { bundles, deployments } = world(['own'], null);
  deployments.servedBuilds.clear();
  deployments.troubles.push(new Error('away'));
  const stopping = new AbortController();
  const given = { buildId: 'own', always: false, bundles, deployments, log: quiet };
  const promoted = promoteOwn({ ...given, signal: stopping.signal });
  setTimeout(() => deployments.servedBuilds.add('own'), 100);
  await promoted;
  expect(deployments.promotions).toEqual(['own']);

  deployments.now = null;
  deployments.servedBuilds.clear();
  const waiting = promoteOwn({ ...given, signal: stopping.signal });
  stopping.abort();
  await waiting;
  expect(deployments.promotions).toEqual(['own']);
});

test('statuses', () => {
  const build = { current: false, promoted: false, open: 0, remembered: 0 };
  expect(buildStatus({ ...build, current: true, open: 3 })).toBe('current');
  expect(buildStatus({ ...build, promoted: true, open: 1, remembered: 2 })).toBe('draining');
  expect(buildStatus({ ...build, remembered: 2 })).toBe('drained');
  expect(buildStatus({ ...build, promoted: true })).toBe('drained');
  expect(buildStatus(build)).toBe('inactive');
});
