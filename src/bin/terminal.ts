import { createInterface } from 'node:readline/promises';
import type { CliIo } from '../cli/io';

/** The person at the terminal, when there is one: answers questions, and may press Ctrl-C. */
export function terminal(): Pick<CliIo, 'confirm' | 'onInterrupt'> {
  return {
    onInterrupt: (act) => {
      process.once('SIGINT', act);
      return () => void process.removeListener('SIGINT', act);
    },
    ...(process.stdin.isTTY && process.stderr.isTTY ? { confirm } : {}),
  };
}

async function confirm(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new AbortController();
  lines.once('close', () => closed.abort());
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `, { signal: closed.signal })).trim());
  } catch {
    return false; // Ctrl-C or the end of input
  } finally {
    lines.close();
  }
}
