/** Where a command writes and what it reads of its surroundings; tests give their own. */
export interface CliIo {
  stdout: (text: string) => void;
  stderr: (text: string) => void;
  env: Record<string, string | undefined>;
  /** Asks a person for a yes; missing where nobody sits. */
  confirm?: (question: string) => Promise<boolean>;
  /** Has Ctrl-C do this instead of ending the process, until the returned function is called. */
  onInterrupt?: (act: () => void) => () => void;
}

/** Exit codes, for scripts. */
export const EXIT = { ok: 0, failed: 1, usage: 2, unreachable: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends a command with a message for people and an exit code. */
export class CliError extends Error {
  override readonly name = 'CliError';
  constructor(
    message: string,
    readonly exitCode: ExitCode,
  ) {
    super(message);
  }
}
