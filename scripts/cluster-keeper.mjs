import { rmSync } from 'node:fs';
import { createCluster, endOthers } from './lib/cluster/keeper.mjs';
import { listenForCommands } from './lib/cluster/control.mjs';
import { readState, socketPath, writeState } from './lib/cluster/state-file.mjs';
import { main } from './lib/run.mjs';

/**
 * `node cluster-keeper.mjs HOME`: owns the processes of one cluster until it is told to end (scripts/lib/cluster.mjs starts it). What it
 * shall do stands as `plan` in HOME/cluster.json; there it keeps telling how things are.
 */
const [home] = process.argv.slice(2);
const log = (line) => console.log(`${new Date().toISOString()} ${line}`);

await main(async () => {
  const { plan, members: noted } = readState(home);
  const startedAt = new Date().toISOString();
  let phase = 'starting';
  let failure = null;
  let writing = null;
  const write = () => {
    clearImmediate(writing);
    writing = null;
    const keeper =
      phase === 'down' || phase === 'failed' ? null : { pid: process.pid, socket: socketPath(home), startedAt };
    writeState(home, { home, phase, failure, keeper, plan, ...cluster.places, members: cluster.info() });
  };
  // Changes of one turn of the event loop are written together.
  const onChange = () => (writing ??= setImmediate(write));
  const cluster = createCluster({ home, plan, onChange, log });
  write();

  let end;
  const asked = new Promise((resolve) => (end = resolve));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, end);
  const server = await listenForCommands(socketPath(home), cluster, end);

  const adopted = cluster.adopt(noted ?? []);
  if (adopted > 0) log(`took over ${adopted} processes of an earlier keeper`);
  const enter = (next) => {
    phase = next;
    write();
    log(next);
  };
  void cluster.start().then(
    () => phase === 'starting' && enter('up'),
    (error) => {
      failure = error.message;
      log(`failed: ${error.message}`);
      end();
    },
  );
  await asked;
  enter('stopping');
  await cluster.stop();
  const left = await endOthers(home, [process.pid]);
  if (left.length > 0) log(`had to kill what was left: ${left.join(', ')}`);
  server.close();
  rmSync(socketPath(home), { force: true });
  enter(failure === null ? 'down' : 'failed');
  process.exit(failure === null ? 0 : 1);
});
