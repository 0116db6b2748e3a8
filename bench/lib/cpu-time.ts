import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second for programs. */
const TICK_MS = 10;

interface Usage {
  parent: number;
  ms: number;
}

/**
 * CPU time that processes have used so far, each with its descendants (this process without), in milliseconds, by name. Unlike times of a clock it hardly
 * depends on what else the machine does. Empty where there is no /proc.
 */
export function cpuTimes(pids: ReadonlyMap<string, number>): Map<string, number> {
  const usages = allUsages();
  const total = new Map<string, number>();
  if (usages.size === 0) return total;
  for (const [name, pid] of pids) total.set(name, pid === process.pid ? ownMs() : treeMs(usages, pid));
  return total;
}

function ownMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function allUsages(): Map<number, Usage> {
  const usages = new Map<number, Usage>();
  for (const name of entries('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const usage = usageOf(readFileSync(`/proc/${name}/stat`, 'latin1'));
      usages.set(Number(name), usage);
    } catch {
      // ended meanwhile
    }
  }
  return usages;
}

/** Of the fields behind the command's name: 1 is the parent; 11 to 14 are own and awaited children's user and system time. */
function usageOf(stat: string): Usage {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0);
  return { parent: Number(fields[1]), ms: ticks * TICK_MS };
}

function treeMs(usages: ReadonlyMap<number, Usage>, root: number): number {
  let ms = usages.get(root)?.ms ?? 0;
  for (const [pid, { parent }] of usages) if (parent === root) ms += treeMs(usages, pid);
  return ms;
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
