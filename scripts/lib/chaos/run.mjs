import { setMaxListeners } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { askMembers, readCluster, startCluster, stopCluster } from '../cluster.mjs';
import { findByCommand, until } from '../cluster/processes.mjs';
import { ROLES } from '../cluster/roles.mjs';
import { SetupError } from '../run.mjs';
import { hitDebugPoints, POINTS } from './debug-points.mjs';
import { publishLoad } from './load.mjs';
import { watchOrphans } from './orphans.mjs';
import { KINDS, writePack } from './pack.mjs';
import { settledRuns } from './temporal.mjs';
import { judge, readEffects } from './verdict.mjs';
import { createViolence } from './violence.mjs';

const COUNTS = { api: 2, rules: 2, worker: 2, sensors: 1, audit: 2 };
const READY_MS = 180_000;
const ACKNOWLEDGED_MS = 120_000;
/** Nothing began or ended for so long: what is open is stuck. */
const QUIET_MS = 120_000;
const SETTLED_MS = 900_000;
const LAST_EVENTS_MS = 5_000;
export const FORCES = ['kills', 'stops', 'restarts', 'points'];

async function begin({ home, log }) {
  const effectsFile = join(home, 'effects');
  mkdirSync(home, { recursive: true });
  writeFileSync(effectsFile, '', { mode: 0o666 });
  writePack(join(home, 'packs'), effectsFile);
  const env = { EVERSTORM_PACK_PATHS: join(home, 'packs'), EVERSTORM_DEBUG_FOLDER: join(home, 'debug') };
  const cluster = await startCluster({ home, counts: COUNTS, env, log });
  const known = await fetch(`${cluster.apiUrls[0]}/api/v1/rules?pack=chaos`);
  if ((await known.json()).length !== Object.keys(KINDS).length) {
    throw new SetupError('the pack of the test was not registered: see the logs of the api processes');
  }
  return { cluster, effectsFile };
}

function unleash({ home, only, signal, log }) {
  const violence = createViolence({ home, signal, log });
  const work = [];
  if (only.includes('kills')) work.push(violence.kill());
  if (only.includes('stops')) work.push(violence.stop());
  if (only.includes('restarts')) work.push(only.length === 1 ? violence.restartAll() : violence.restartSome());
  const points = only.includes('points') ? hitDebugPoints({ folder: join(home, 'debug'), signal, log }) : null;
  return { violence, ended: Promise.all([points?.ended, ...work]), hits: () => points?.hits() ?? {} };
}

async function untilReady(home) {
  const ready = async () => {
    const state = readCluster(home);
    return state.phase === 'up' && (await askMembers(state)).every((member) => member.ready);
  };
  if (!(await until(ready, READY_MS, 1_000))) throw new SetupError('the cluster did not become ready after the storm');
}

/**
 * Runs load and violence on a cluster of its own in `home`, waits until all is settled, judges, and ends the cluster.
 * @param {{home: string, minutes: number, events: number, only: string[], log: (line: string) => void}} options
 * @returns {Promise<{summary: object, verdict: object, clean: boolean}>} `summary` is the last line of `npm run chaos`
 */
export async function runChaos({ home, minutes, events, only, log }) {
  const mark = `chaos${Date.now().toString(36)}`;
  const ms = minutes * 60_000;
  const { cluster, effectsFile } = await begin({ home, log });
  const storm = new AbortController();
  setMaxListeners(100, storm.signal); // each pause of each force
  const watch = new AbortController();
  const giveUp = new AbortController();
  const started = Date.now();
  try {
    const orphans = watchOrphans({ effectsFile, signal: watch.signal });
    const { violence, ended, hits } = unleash({ home, only, signal: storm.signal, log });
    const load = publishLoad({
      events,
      ms: Math.max(1_000, ms - LAST_EVENTS_MS),
      brokers: [cluster.kafkaBrokers],
      apiUrls: cluster.apiUrls,
      ledgerFile: join(home, 'ledger'),
      mark,
      signal: giveUp.signal,
    });
    setTimeout(() => storm.abort(), ms).unref();
    await ended;
    log('the storm is over');
    await untilReady(home);
    const late = setTimeout(() => giveUp.abort(), ACKNOWLEDGED_MS);
    const { acknowledged, tries } = await load;
    clearTimeout(late);
    const count = acknowledged.length;
    const runs = await settledRuns({
      address: cluster.temporalAddress,
      mark,
      count,
      quietMs: QUIET_MS,
      ms: SETTLED_MS,
      log,
    });
    watch.abort();
    const orphaned = await orphans;
    const verdict = judge({ acknowledged, runs, effects: readEffects(effectsFile) });
    const killed = await stopCluster(home);
    const { kills, stops, restarts, troubles } = violence.counts();
    for (const trouble of troubles) log(trouble);
    const summary = {
      lost: verdict.lost.length,
      duplicates: verdict.duplicates.length,
      stuck: verdict.stuck.length,
      orphan_processes: orphaned.size + killed.length + findByCommand(effectsFile).length,
      abandoned: verdict.abandoned.length,
      kills,
      stops,
      restarts,
      debug_points: hits(),
      tries,
      seconds: Math.round((Date.now() - started) / 1000),
      events: count,
    };
    return { summary, verdict, clean: isClean(summary, { minutes, events, only }) };
  } finally {
    for (const controller of [storm, watch, giveUp]) controller.abort();
    await stopCluster(home);
  }
}

/** Nothing went wrong, and what was asked for was done. */
function isClean(summary, { minutes, events, only }) {
  const {
    lost,
    duplicates,
    stuck,
    orphan_processes: orphans,
    kills,
    debug_points: hits,
    restarts,
    abandoned,
  } = summary;
  if (lost + duplicates + stuck + orphans > 0 || summary.events !== events) return false;
  if (only.includes('kills') && Object.values(kills).some((count) => count < Math.floor(minutes * 2))) return false;
  if (only.includes('points') && POINTS.some((point) => hits[point] === 0)) return false;
  if (only.some((force) => force !== 'restarts')) return true;
  // Whoever is asked to end hands over or finishes: nothing is abandoned by a graceful restart.
  return abandoned === 0 && ROLES.every((role) => restarts[role] > 0);
}
