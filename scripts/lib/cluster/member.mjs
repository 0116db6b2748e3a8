import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SetupError, tail } from '../run.mjs';
import { HOME_MARK, isOurs, MEMBER_MARK, send } from './processes.mjs';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/** Who ran this long has started well: the next pause is the shortest again. */
const STEADY_MS = 10_000;
const LOOK_EVERY_MS = 150;

function endOfLog(file) {
  try {
    return tail(readFileSync(file, 'utf8'));
  } catch {
    return '(no log)';
  }
}

function spawnInto(logFile, { command, args, env, cwd }) {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  try {
    // A session of its own: neither Ctrl-C at a terminal nor the keeper's end reaches it.
    return spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', log, log] });
  } finally {
    closeSync(log);
  }
}

/**
 * One process of the cluster that is started again, with back-off, whenever it ends unasked.
 * @param {{name: string, kind: string, index: number, port: number | null, ports: object, operationsPort: number | null, logFile: string,
 *   stopSignal: NodeJS.Signals, stopMs: number,
 *   program: (change: {env: object, dist?: string}) => Promise<{command: string, args: string[], env: object, cwd?: string}>,
 *   missing: () => Promise<string>}} spec `missing` answers '' when ready, else what is lacking
 * @param {{home: string, onChange: () => void}} cluster `onChange` is called after every change of what `info()` tells
 */
export function createMember(spec, { home, onChange }) {
  const { name, logFile } = spec;
  let state = 'stopped';
  let alive = null; // { pid, ended: Promise<string> }
  let wanted = false;
  let held = false;
  let over = false;
  let failures = 0;
  let restarts = 0;
  let startedAt = null;
  let lastEnd = null;
  let change = { env: {} };
  let timer;

  const enter = (next) => {
    state = next;
    onChange();
  };

  async function watchReadiness(of) {
    while (alive === of && state === 'starting') {
      if ((await spec.missing()) === '' && alive === of && state === 'starting') return enter('running');
      await delay(LOOK_EVERY_MS);
    }
  }

  function ended(of, how, startTime) {
    if (alive !== of) return;
    alive = null;
    lastEnd = how;
    if (!wanted) return enter('stopped');
    if (held) return enter('held');
    failures = Date.now() - startTime > STEADY_MS ? 1 : failures + 1;
    timer = setTimeout(
      () => {
        restarts += 1;
        void launch();
      },
      Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1)),
    );
    enter('waiting');
  }

  function keep(process_) {
    alive = process_;
    const startTime = Date.now();
    void process_.ended.then((how) => ended(process_, how, startTime));
    void watchReadiness(process_);
  }

  async function launch() {
    if (over) return enter('stopped');
    startedAt = new Date().toISOString();
    const making = { pid: null, ended: new Promise(() => undefined) };
    alive = making; // nobody starts a second one meanwhile
    enter('starting');
    try {
      const program = await spec.program(change);
      if (alive !== making) return;
      if (!wanted) return ended(making, 'not wanted any more', Date.now());
      const env = { ...program.env, [HOME_MARK]: home, [MEMBER_MARK]: name };
      const child = spawnInto(logFile, { ...program, env });
      const how = new Promise((resolve) => {
        child.once('error', (error) => resolve(error.message));
        child.once('exit', (code, signal) => resolve(signal ?? `exit ${code}`));
      });
      keep({ pid: child.pid ?? null, ended: how });
      onChange();
    } catch (error) {
      ended(making, error.message, Date.now());
    }
  }

  /** Asks the process to end, kills it when patience ends; resolves when it is gone. */
  async function end() {
    clearTimeout(timer);
    const process_ = alive;
    if (process_ === null) return enter('stopped');
    enter('stopping');
    while (alive === process_ && process_.pid === null) await delay(20);
    const { pid, ended: gone } = alive ?? process_;
    if (pid === null || alive === null) return;
    send(pid, spec.stopSignal);
    send(pid, 'SIGCONT'); // a stopped process could not answer
    const killer = setTimeout(() => send(pid, 'SIGKILL'), spec.stopMs);
    await gone;
    clearTimeout(killer);
  }

  return {
    name,
    kind: spec.kind,
    start() {
      wanted = true;
      if (alive === null) void launch();
    },
    /** Goes on with a process that an earlier keeper started. */
    adopt(noted) {
      wanted = true;
      ({ restarts, startedAt, change = { env: {} } } = noted);
      const gone = async () => {
        while (isOurs(noted.pid, home, name)) await delay(LOOK_EVERY_MS);
        return 'ended (adopted)';
      };
      state = 'starting';
      keep({ pid: noted.pid, ended: gone() });
      onChange();
    },
    /** For good. */
    async stop() {
      over = true;
      wanted = false;
      await end();
    },
    /** Graceful: asked to end, waited for, started anew; `next` changes its environment or its program folder from now on. */
    async restart(next = {}) {
      wanted = false;
      await end();
      change = { env: { ...change.env, ...next.env }, dist: next.dist ?? change.dist };
      restarts += 1;
      wanted = true;
      failures = 0;
      await launch();
    },
    /** From now on a process that ends stays ended, until `release`. */
    hold() {
      held = true;
      onChange();
    },
    release() {
      held = false;
      if (wanted && alive === null && state === 'held') {
        restarts += 1;
        void launch();
      } else onChange();
    },
    /** Resolves when it has become ready; throws SetupError with the reason and the end of its log after `ms`. */
    async untilReady(ms) {
      for (const deadline = Date.now() + ms; state !== 'running'; await delay(50)) {
        if (over) throw new SetupError(`${name} was asked to end`);
        if (Date.now() <= deadline) continue;
        const why = alive === null ? (lastEnd ?? 'not started') : await spec.missing();
        throw new SetupError(
          `${name} is not ready after ${ms / 1000} s (${why}). End of ${logFile}:\n${endOfLog(logFile)}`,
        );
      }
    },
    missing: spec.missing,
    info: () => ({
      name,
      kind: spec.kind,
      index: spec.index,
      pid: alive?.pid ?? null,
      port: spec.port,
      ports: spec.ports,
      operationsPort: spec.operationsPort,
      state,
      held,
      restarts,
      startedAt,
      lastEnd,
      logFile,
      change,
    }),
  };
}
