import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { EverstormError } from '../../src/model/errors';
import { LEASE_MS, LEASE_RENEWAL_MS } from '../../src/model/timings';
import type { Command, Ending, Report, Request, Stream } from './protocol';

/** How a command ended, with its output (UTF-8, replacement characters for what is none). */
export interface CommandResult {
  ending: Ending;
  /** Null when a signal ended it. */
  exitCode: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
  /** Bytes of each stream that were over the limit and are gone. */
  dropped: Record<Stream, number>;
}

export interface SupervisorOptions {
  /** Absolute path of the compiled supervise.js. */
  script: string;
  /** Environment of the supervisor process itself; needs none of the platform's secrets. */
  env?: Record<string, string>;
  /** Milliseconds without renewal after which the supervisor kills all actions. Default LEASE_MS. */
  leaseMs?: number;
}

/** Runs commands under the worker's supervisor process. */
export interface Supervisor {
  /**
   * Resolves when the command has ended, however it ended. An aborted signal kills its whole process group:
   * SIGTERM, a second later SIGKILL. Throws UNAVAILABLE when the supervisor is closed, and INVALID_REQUEST (with the
   * system's code in the message) when the command could not be started.
   */
  run(command: Command, signal: AbortSignal): Promise<CommandResult>;
  /** Kills what still runs and ends the supervisor process. */
  close(): Promise<void>;
}

interface Pending {
  pid: number | null;
  chunks: Record<Stream, Uint8Array[]>;
  resolve(result: CommandResult): void;
  reject(error: Error): void;
}

const noneDropped = (): Record<Stream, number> => ({ stdout: 0, stderr: 0 });

/** Starts the supervisor lazily, and again should it die. One per worker process. */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  const leaseMs = options.leaseMs ?? LEASE_MS;
  const pending = new Map<number, Pending>();
  let nextId = 1;
  let closed = false;
  let child: ChildProcess | null = null;
  let renewal: NodeJS.Timeout | undefined;

  const send = (request: Request): void => {
    if (child?.connected) child.send(request, undefined, undefined, () => undefined);
  };

  function settle(id: number, outcome: Omit<CommandResult, 'stdout' | 'stderr'>): void {
    const entry = pending.get(id);
    if (entry === undefined) return;
    pending.delete(id);
    const text = (stream: Stream): string => Buffer.concat(entry.chunks[stream]).toString('utf8');
    entry.resolve({ ...outcome, stdout: text('stdout'), stderr: text('stderr') });
  }

  function onReport(report: Report): void {
    const entry = pending.get(report.id);
    if (entry === undefined) return;
    if (report.kind === 'started') entry.pid = report.pid;
    else if (report.kind === 'output') entry.chunks[report.stream].push(report.data);
    else if (report.kind === 'ended') settle(report.id, report);
    else {
      pending.delete(report.id);
      entry.reject(new EverstormError('INVALID_REQUEST', `the command can't be started: ${report.code}`));
    }
  }

  /** The supervisor died (kill -9, out of memory): nobody watches its groups any more, so they are ended from here. */
  function onExit(): void {
    clearInterval(renewal);
    child = null;
    for (const [id, { pid }] of pending) {
      if (pid !== null) killGroup(pid);
      settle(id, { ending: 'lost', exitCode: null, signal: null, dropped: noneDropped() });
    }
  }

  function start(): ChildProcess {
    const started = fork(options.script, [String(leaseMs)], {
      serialization: 'advanced',
      // A session of its own: a signal to the worker's process group must not take the watcher along.
      detached: true,
      execArgv: ['--max-old-space-size=128'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: options.env ?? {},
    });
    started.on('message', (report) => onReport(report as Report));
    started.once('exit', onExit);
    started.on('error', () => undefined);
    renewal = setInterval(() => send({ kind: 'renew' }), Math.min(LEASE_RENEWAL_MS, leaseMs / 5));
    renewal.unref();
    return started;
  }

  async function run(command: Command, signal: AbortSignal): Promise<CommandResult> {
    if (closed) throw new EverstormError('UNAVAILABLE', 'the worker is shutting down');
    child ??= start();
    const id = nextId++;
    const ended = new Promise<CommandResult>((resolve, reject) => {
      pending.set(id, { pid: null, chunks: { stdout: [], stderr: [] }, resolve, reject });
    });
    const kill = (): void => send({ kind: 'kill', id });
    send({ kind: 'spawn', id, command });
    signal.addEventListener('abort', kill, { once: true });
    if (signal.aborted) kill();
    try {
      return await ended;
    } finally {
      signal.removeEventListener('abort', kill);
    }
  }

  async function close(): Promise<void> {
    closed = true;
    const running = child;
    if (running === null) return;
    const exited = new Promise<void>((resolve) => running.once('exit', () => resolve()));
    if (running.connected) running.disconnect();
    await exited;
  }

  return { run, close };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
