import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildAll } from './lib/build.mjs';
import { askMembers, commandCluster, readCluster, startCluster, stopCluster } from './lib/cluster.mjs';
import { ROLES } from './lib/cluster/roles.mjs';
import { clusterTable } from './lib/cluster/table.mjs';
import { ensureDependencies } from './lib/deps.mjs';
import { ROOT } from './lib/paths.mjs';
import { main, SetupError } from './lib/run.mjs';

const USAGE = `npm run cluster -- <command> [options]
  up                    start Temporal (on Postgres), Kafka, Postgres and every role as processes of their own
    --api N --rules N --worker N --sensors N --audit N     processes of each role (1)
    --temporal server|dev   Temporal on Postgres (default), or its dev server, which starts faster
    --api-port PORT         of the first api process, the others follow (first free from 9101 on)
    --env NAME=VALUE        for the roles; may be repeated
    --dist DIR              program folder (dist)
  status                all processes, and what is missing
  restart [members…]    gracefully, one after the other (all roles); --env and --dist as above
  hold / release [members…]   leave / start again what ends
  down                  end everything; data stays
Everywhere: --home DIR (.everstorm-cluster), --json. Members: worker-2, or all of a kind: worker.`;

const text = { type: 'string' };
const OPTIONS = {
  home: { ...text, default: join(ROOT, '.everstorm-cluster') },
  json: { type: 'boolean', default: false },
  temporal: text,
  'api-port': text,
  env: { ...text, multiple: true, default: [] },
  dist: text,
  ...Object.fromEntries(ROLES.map((role) => [role, text])),
};

function parse() {
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new SetupError(`${error.message}\n${USAGE}`);
  }
}

function variables(pairs) {
  const split = pairs.map((pair) => /^(\w+)=(.*)$/s.exec(pair) ?? [pair]);
  const bad = split.find(([, name]) => name === undefined);
  if (bad) throw new SetupError(`--env ${bad[0]}: expected NAME=VALUE`);
  return Object.fromEntries(split.map(([, name, value]) => [name, value]));
}

const number = (value) => (value === undefined ? undefined : Number(value));

/** What is given, without what is not. */
const given = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

/** `npm run cluster`: with --json, standard output is one JSON document and progress goes to standard error. */
await main(async () => {
  const { values, positionals } = parse();
  const [command, ...members] = positionals;
  const { home, json } = values;
  const log = json ? console.error : console.log;
  const env = variables(values.env);
  const show = async () => {
    const state = readCluster(home);
    if (state === null) throw new SetupError(`There is no cluster in ${home}.`);
    const full = { ...state, members: await askMembers(state) };
    console.log(json ? JSON.stringify(full, null, 2) : clusterTable(full));
    return full.phase === 'up' && full.members.every(({ ready }) => ready) ? 0 : 1;
  };
  const ask = async (words) => {
    await commandCluster(home, { ...words, members });
    return show();
  };
  const commands = {
    up: async () => {
      await ensureDependencies({ log });
      if (values.dist === undefined) await buildAll({ log });
      const counts = given(Object.fromEntries(ROLES.map((role) => [role, number(values[role])])));
      const { temporal, dist } = values;
      await startCluster({ home, counts, env, log, ...given({ temporal, dist, apiPort: number(values['api-port']) }) });
      return show();
    },
    status: show,
    restart: () => ask({ command: 'restart', env, dist: values.dist }),
    hold: () => ask({ command: 'hold' }),
    release: () => ask({ command: 'release' }),
    down: async () => {
      const killed = await stopCluster(home);
      log(killed.length > 0 ? `cluster: down; had to kill ${killed.join(', ')}` : 'cluster: down');
    },
  };
  if (!Object.hasOwn(commands, command ?? '')) throw new SetupError(USAGE);
  return commands[command]();
});
