import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Variable that marks all processes of one run: children inherit it, whoever their parent becomes. */
export const RUN_MARK = 'EVERSTORM_TEST_RUN';

function markedProcesses(mark) {
  const found = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    try {
      const environment = readFileSync(`/proc/${name}/environ`, 'latin1').split('\0');
      if (!environment.includes(`${RUN_MARK}=${mark}`)) continue;
      const command = readFileSync(`/proc/${name}/cmdline`, 'latin1').replaceAll('\0', ' ').trim();
      if (command !== '') found.push({ pid: Number(name), command: command.slice(0, 160) });
    } catch {
      // ended meanwhile, or somebody else's: not ours
    }
  }
  return found;
}

/**
 * Processes of the run that are still there `graceMs` after its end; they are killed, by id.
 * @returns {Promise<Array<{pid: number, command: string}> | undefined>} undefined where /proc does not tell.
 */
export async function killLeftovers(mark, graceMs = 5_000) {
  if (process.platform !== 'linux') return undefined;
  const deadline = Date.now() + graceMs;
  let left = markedProcesses(mark);
  while (left.length > 0 && Date.now() < deadline) {
    await delay(200);
    left = markedProcesses(mark);
  }
  for (const { pid } of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // ended meanwhile
    }
  }
  return left;
}
