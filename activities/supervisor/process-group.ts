import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { CLOSE_GRACE_MS, KILL_GRACE_MS } from '../../src/model/timings';
import type { Command, Ending, Report, Stream } from './protocol';

type GroupProcess = ChildProcessByStdio<Writable | null, Readable, Readable>;

/** One running action: a process that leads a group and session of its own. */
export interface ProcessGroup {
  /** SIGTERM to the whole group now, SIGKILL after the grace; the first reason given is the one reported. */
  kill(reason: Exclude<Ending, 'exited'>): void;
  /** SIGKILL at once, without waiting: the supervisor itself is ending. */
  destroy(): void;
}

/**
 * Signals every process of a group. A group run by sudo belongs to another user, so it is asked through sudo then.
 * False when the group is gone.
 */
function signalGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL'): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
    const sudo = spawn('sudo', ['-n', 'kill', '-s', signal.slice(3), '--', `-${pid}`], { stdio: 'ignore' });
    sudo.on('error', () => undefined);
    return true;
  }
}

interface Capture {
  taken: number;
  dropped: number;
}

/** Sends output up to the limit; what is over it is read (so that the action does not block) and counted. */
function capture(child: GroupProcess, stream: Stream, limit: number, send: (data: Buffer) => void): Capture {
  const state: Capture = { taken: 0, dropped: 0 };
  child[stream].on('data', (data: Buffer) => {
    const room = Math.max(0, limit - state.taken);
    const kept = data.length <= room ? data : data.subarray(0, room);
    state.taken += kept.length;
    state.dropped += data.length - kept.length;
    if (kept.length > 0) send(kept);
  });
  child[stream].on('error', () => undefined);
  return state;
}

/**
 * Starts a command and reports its start, output and end. It has ended when its process is gone and nobody holds its
 * output any more (as in StackStorm, output of background children belongs to the action); after a kill the wait for
 * the pipes is bounded, because a child that left the group may keep them for ever.
 */
export function startGroup(id: number, command: Command, report: (report: Report) => void): ProcessGroup {
  const child = spawn(command.file, command.args, {
    ...(command.argv0 === undefined ? {} : { argv0: command.argv0 }),
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
    env: command.env,
    detached: true,
    // Node's pipes are sockets, and bash with a socket for input takes itself for a remote shell and reads ~/.bashrc.
    stdio: [command.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  }) as GroupProcess;
  const timers = new Set<NodeJS.Timeout>();
  const later = (ms: number, what: () => void): void => void timers.add(setTimeout(what, ms));
  let ending: Ending = 'exited';
  let ended = false;

  const kill: ProcessGroup['kill'] = (reason) => {
    if (ended || ending !== 'exited' || child.pid === undefined) return;
    const pid = child.pid;
    ending = reason;
    signalGroup(pid, 'SIGTERM');
    later(KILL_GRACE_MS, () => {
      signalGroup(pid, 'SIGKILL');
      later(CLOSE_GRACE_MS, () => {
        child.stdout.destroy();
        child.stderr.destroy();
        finish(child.exitCode, child.signalCode);
      });
    });
  };

  const send =
    (stream: Stream) =>
    (data: Buffer): void =>
      report({ kind: 'output', id, stream, data });
  const captured = {
    stdout: capture(child, 'stdout', command.outputLimit, send('stdout')),
    stderr: capture(child, 'stderr', command.outputLimit, send('stderr')),
  };

  function finish(exitCode: number | null, signal: string | null): void {
    if (ended) return;
    ended = true;
    timers.forEach(clearTimeout);
    // A killed group may have members that ignored SIGTERM and hold no pipe: the leader's end is not theirs.
    if (ending !== 'exited' && child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
    const dropped = { stdout: captured.stdout.dropped, stderr: captured.stderr.dropped };
    report({ kind: 'ended', id, ending, exitCode, signal, dropped });
  }

  child.on('error', (error: NodeJS.ErrnoException) => {
    if (child.pid !== undefined || ended) return;
    ended = true;
    report({ kind: 'refused', id, code: error.code ?? 'UNKNOWN', message: error.message });
  });
  child.on('close', finish);
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(command.stdin);
  if (child.pid !== undefined) {
    report({ kind: 'started', id, pid: child.pid });
    later(command.timeoutMs, () => kill('timeout'));
  }
  return {
    kill,
    destroy: () => {
      if (!ended && child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
    },
  };
}
