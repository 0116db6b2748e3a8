import { parseArgs } from 'node:util';
import { join, resolve } from 'node:path';
import { PROJECT_ROOT } from '../../src/bin/project-root';

export interface OverheadOptions {
  /** Interleaved rounds that count; one more, uncounted, warms everything up. */
  rounds: number;
  /** Executions of each side in each round for throughput. */
  executions: number;
  /** Executions of each side in each round that run one after the other, for latency. */
  serial: number;
  /** Executions under way at once when throughput is measured. */
  concurrency: number;
  /** The last line is the result as JSON, and nothing else is written to stdout. */
  json: boolean;
  /** Folder for CPU profiles of all Node processes; profiling slows both sides down. */
  profileFolder?: string;
  /** File that gets every sample, one JSON object a line. */
  samplesFile: string;
}

/** Throws an Error that names the option at fault. */
export function parseOptions(args: string[]): OverheadOptions {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '8' },
      executions: { type: 'string', default: '200' },
      serial: { type: 'string', default: '30' },
      concurrency: { type: 'string', default: '40' },
      samples: { type: 'string', default: join(PROJECT_ROOT, '.everstorm/bench/overhead.jsonl') },
      profile: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  return {
    rounds: positive('rounds', values.rounds),
    executions: positive('executions', values.executions),
    serial: positive('serial', values.serial),
    concurrency: positive('concurrency', values.concurrency),
    samplesFile: values.samples,
    json: values.json,
    ...(values.profile !== undefined && { profileFolder: resolve(values.profile) }),
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`--${name}: expected a whole number above 0, got "${text}"`);
  return value;
}
