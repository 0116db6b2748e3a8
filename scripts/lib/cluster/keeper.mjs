import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { SetupError } from '../run.mjs';
import { createMember } from './member.mjs';
import { clusterPlaces, memberSpecs } from './members.mjs';
import { findOurs, isOurs, send, until } from './processes.mjs';
import { programFolder, ROLES } from './roles.mjs';
import { prepareTemporalDatabases } from './temporal-on-postgres.mjs';

/** Longer than the lease of the supervisors that run actions (10 s): they end by themselves. */
const OTHERS_END_MS = 12_000;
const SERVICE_READY_MS = 90_000;
const ROLE_READY_MS = 120_000;

async function ensureDatabase(port) {
  const { default: pg } = await import('pg'); // only when needed: this module is loaded before packages are installed
  const client = new pg.Client({ connectionString: `postgres://postgres@127.0.0.1:${port}/postgres` });
  await client.connect();
  try {
    await client.query('CREATE DATABASE everstorm');
  } catch (error) {
    if (error.code !== '42P04') throw error; // it exists
  } finally {
    await client.end();
  }
}

function ensureFiles(home, { codecKeyFile }) {
  mkdirSync(`${home}/configs`, { recursive: true });
  if (existsSync(codecKeyFile)) return;
  writeFileSync(codecKeyFile, randomBytes(32).toString('base64'), { mode: 0o400 });
}

/** Ends what carries the home's mark and is no member: orphans of killed workers, above all. Resolves to those it had to kill. */
export async function endOthers(home, except = []) {
  if (await until(() => findOurs(home, except).length === 0, OTHERS_END_MS)) return [];
  const left = findOurs(home, except);
  for (const pid of left) send(pid, 'SIGKILL');
  return left;
}

/** Roles first, what takes work in before what does it, then the servers in the opposite order of their dependence. */
const STOP_ORDER = [['sensors', 'api'], ['rules'], ['worker'], ['audit'], ['temporal'], ['kafka'], ['postgres']];

/**
 * All processes of one cluster.
 * @param {{home: string, plan: object, onChange: () => void, log: (line: string) => void}} options
 */
export function createCluster({ home, plan, onChange, log }) {
  const places = clusterPlaces(home, plan);
  const members = memberSpecs(home, plan, log).map((spec) => createMember(spec, { home, onChange }));
  const byName = new Map(members.map((member) => [member.name, member]));
  const roles = members.filter(({ kind }) => ROLES.includes(kind));
  /** One graceful change at a time, so that a rolling restart never takes two down. */
  let queue = Promise.resolve();
  let ending = false;
  const inTurn = (work) => (queue = queue.then(work, work));

  /** Members by name or kind; all roles when none is named. */
  function pick(names) {
    if (!names?.length) return roles;
    return names.flatMap((wanted) => {
      const found = byName.has(wanted) ? [byName.get(wanted)] : members.filter(({ kind }) => kind === wanted);
      if (found.length === 0) throw new SetupError(`no member ${wanted}; there are ${[...byName.keys()].join(', ')}`);
      return found;
    });
  }
  const ready = (member) => member.untilReady(roles.includes(member) ? ROLE_READY_MS : SERVICE_READY_MS);

  return {
    places,
    info: () => members.map((member) => member.info()),
    pick,
    /** Takes on what an earlier keeper left; processes that are no part of the plan are ended. */
    adopt(noted) {
      const known = new Map(noted.map((one) => [one.name, one]));
      for (const member of members) {
        const one = known.get(member.name);
        if (one?.pid && isOurs(one.pid, home, one.name)) member.adopt(one);
      }
      const adopted = members.filter((member) => member.info().pid !== null).map((member) => member.name);
      const ofAdopted = (pid) => adopted.some((name) => isOurs(pid, home, name));
      for (const pid of findOurs(home, [process.pid])) if (!ofAdopted(pid)) send(pid, 'SIGTERM');
      return adopted.length;
    },
    /** Starts what is not running, dependencies first; resolves when all is ready. Throws SetupError. */
    async start() {
      ensureFiles(home, places);
      const goOn = () => {
        if (ending) throw new SetupError('asked to end while starting');
      };
      const [postgres, kafka, temporal] = ['postgres', 'kafka', 'temporal'].map((name) => byName.get(name));
      kafka.start();
      postgres.start();
      await ready(postgres);
      goOn();
      await ensureDatabase(plan.ports.postgres);
      if (plan.temporal === 'server') await prepareTemporalDatabases({ postgresPort: plan.ports.postgres, log });
      goOn();
      temporal.start();
      await Promise.all([ready(temporal), ready(kafka)]);
      goOn();
      for (const member of roles) member.start();
      await Promise.all(roles.map(ready));
    },
    async stop() {
      ending = true;
      for (const kinds of STOP_ORDER) {
        await Promise.all(members.filter(({ kind }) => kinds.includes(kind)).map((member) => member.stop()));
      }
    },
    /** One after the other, each ready before the next begins. */
    rollingRestart: (names, { env, dist }) =>
      inTurn(async () => {
        const change = { env, ...(dist !== undefined && { dist: programFolder(dist) }) };
        for (const member of pick(names)) {
          if (ending) throw new SetupError('the cluster is ending');
          await member.restart(change);
          await ready(member);
        }
      }),
    hold: (names) => pick(names).forEach((member) => member.hold()),
    release: (names) => pick(names).forEach((member) => member.release()),
  };
}
