import type { ExecutionOutcome } from '../../../src/model/execution';
import type { JsonObject, JsonValue } from '../../../src/model/json';
import { ExecutionStatus } from '../../../src/model/statuses';
import type { CommandResult } from '../../supervisor/client';
import type { Stream } from '../../supervisor/protocol';
import { constants } from 'node:os';

/** StackStorm's return code of an action that was killed because its time was over. */
const TIMED_OUT = -9;
/** What StackStorm's outer shell writes when a signal ends the command. */
const SIGNAL_TEXTS: Readonly<Record<string, string>> = {
  SIGKILL: 'Killed',
  SIGTERM: 'Terminated',
  SIGHUP: 'Hangup',
  SIGQUIT: 'Quit',
  SIGABRT: 'Aborted',
  SIGSEGV: 'Segmentation fault',
  SIGBUS: 'Bus error',
  SIGFPE: 'Floating point exception',
  SIGILL: 'Illegal instruction',
  SIGALRM: 'Alarm clock',
  SIGUSR1: 'User defined signal 1',
  SIGUSR2: 'User defined signal 2',
};

/** Drops the one line end that programs put after their output. */
const stripLineEnd = (text: string): string => text.replace(/\r?\n$/, '');

/** Output that is JSON is stored as what it says, as in StackStorm; a number that JavaScript would round stays text. */
function parsed(text: string): JsonValue {
  if (text === '') return text;
  try {
    const value = JSON.parse(text) as JsonValue;
    return typeof value === 'number' && String(value) !== text ? text : value;
  } catch {
    return text;
  }
}

function streamValue(result: CommandResult, stream: Stream, limit: number): JsonValue {
  const dropped = result.dropped[stream];
  if (dropped === 0) return parsed(stripLineEnd(result[stream]));
  return `${result[stream]}\n[everstorm: cut here after ${limit} bytes; ${dropped} more were dropped]`;
}

/** The status a shell would give: 128 + number for a signal. */
function returnCode({ exitCode, signal }: CommandResult): number {
  if (exitCode !== null) return exitCode;
  const number = Object.entries(constants.signals).find(([name]) => name === signal)?.[1];
  return number === undefined ? -1 : 128 + number;
}

function withSignalText(result: CommandResult): CommandResult {
  const text = result.ending === 'exited' && result.signal !== null ? SIGNAL_TEXTS[result.signal] : undefined;
  return text === undefined ? result : { ...result, stderr: `${result.stderr}${text}\n` };
}

export interface ShellLimits {
  timeoutSeconds: number;
  /** Bytes kept of each stream. */
  outputLimit: number;
}

/** StackStorm's result of a local shell action. */
export function shellOutcome(ended: CommandResult, { timeoutSeconds, outputLimit }: ShellLimits): ExecutionOutcome {
  const result = withSignalText(ended);
  const shape = (code: number, error?: string): JsonObject => ({
    failed: code !== 0,
    succeeded: code === 0,
    return_code: code,
    stdout: streamValue(result, 'stdout', outputLimit),
    stderr: streamValue(result, 'stderr', outputLimit),
    ...(error === undefined ? {} : { error }),
  });
  switch (ended.ending) {
    case 'timeout':
      return {
        status: ExecutionStatus.timeout,
        result: shape(TIMED_OUT, `Action failed to complete in ${timeoutSeconds} seconds`),
      };
    case 'killed':
      return { status: ExecutionStatus.canceled, result: shape(-15) };
    case 'lost':
      return {
        status: ExecutionStatus.abandoned,
        result: shape(-15, 'The worker stopped renewing its lease, so the action was killed.'),
      };
    case 'exited': {
      const code = returnCode(result);
      return { status: code === 0 ? ExecutionStatus.succeeded : ExecutionStatus.failed, result: shape(code) };
    }
  }
}
