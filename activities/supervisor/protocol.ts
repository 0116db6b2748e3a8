/** What a worker asks its supervisor to run. */
export interface Command {
  file: string;
  /** argv[0] as the program sees it; default: the file. */
  argv0?: string;
  args: string[];
  cwd?: string;
  /** The whole environment; nothing is inherited from the supervisor. */
  env: Record<string, string>;
  /** Written to standard input, which is then closed; without it, standard input is empty. */
  stdin?: string;
  /** Milliseconds; the group is killed when they are over. */
  timeoutMs: number;
  /** Bytes kept of each of stdout and stderr; the rest is read and dropped. */
  outputLimit: number;
}

/** Why a process ended. `lost`: the worker's lease lapsed. */
export type Ending = 'exited' | 'timeout' | 'killed' | 'lost';
export type Stream = 'stdout' | 'stderr';

/** Worker → supervisor. Every message renews the lease. */
export type Request =
  { kind: 'spawn'; id: number; command: Command } | { kind: 'kill'; id: number } | { kind: 'renew' };

/** Supervisor → worker. `pid` is also the process group. */
export type Report =
  | { kind: 'started'; id: number; pid: number }
  | { kind: 'output'; id: number; stream: Stream; data: Uint8Array }
  | {
      kind: 'ended';
      id: number;
      ending: Ending;
      exitCode: number | null;
      signal: string | null;
      /** Bytes that were over the limit. */
      dropped: Record<Stream, number>;
    }
  | { kind: 'refused'; id: number; code: string; message: string };
