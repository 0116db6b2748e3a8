import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { dirname } from 'node:path';
import { performance } from 'node:perf_hooks';
import { closedLoop, oneByOne } from '../lib/load';
import { rotated } from '../lib/statistics';
import { openWorkshop } from '../lib/workshop';
import type { Workshop } from '../lib/workshop';
import type { OverheadOptions } from './options';
import { parseOptions } from './options';
import type { Platform } from './platform';
import { startSides } from './platform';
import type { Segment } from './report';
import { lineOf, resultOf } from './report';
import type { Side, Sides } from './sides';
import { connectSides, SIDES } from './sides';

/** `npm run bench -- overhead`: Everstorm's way of an execution against the same on bare Temporal. Returns the exit code. */
export async function main(args: string[]): Promise<number> {
  const options = parseOptions(args);
  const say = (line: string): void => console.error(line);
  const workshop = await openWorkshop(options);
  const closing = stopOnSignal(() => workshop.close());
  try {
    const servers = await workshop.startServers();
    say('bench: Temporal, Kafka and Postgres run');
    const platform = await startSides(workshop, servers);
    say(
      `bench: the bare worker and Everstorm's roles run (load ${loadavg()
        .map((n) => n.toFixed(1))
        .join(' ')})`,
    );
    const sides = await connectSides(servers, platform.apiUrl, options.concurrency);
    try {
      const segments = await measure({ options, workshop, platform, sides, say });
      console.log(JSON.stringify(resultOf(segments)));
    } finally {
      await sides.close();
    }
  } finally {
    closing();
    await workshop.close();
  }
  return 0;
}

/** Ctrl-C leaves nothing behind either. The returned function takes the handlers away. */
function stopOnSignal(close: () => Promise<void>): () => void {
  const stop = (): void => void close().finally(() => process.exit(130));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  return () => process.off('SIGINT', stop).off('SIGTERM', stop);
}

interface Bench {
  options: OverheadOptions;
  workshop: Workshop;
  platform: Platform;
  sides: Sides;
  say: (line: string) => void;
}

/** Round 0 warms everything up and does not count. */
async function measure({ options, workshop, platform, sides, say }: Bench): Promise<Segment[]> {
  const { executions, concurrency, serial, samplesFile } = options;
  mkdirSync(dirname(samplesFile), { recursive: true });
  writeFileSync(samplesFile, '');
  const segments: Segment[] = [];
  let ours = 0;
  const settle = async (side: Side, done: number): Promise<number> => {
    if (side === 'bare') return 0;
    ours += done;
    const began = performance.now();
    await platform.settled(ours);
    return performance.now() - began;
  };
  for (let round = 0; round <= options.rounds; round += 1) {
    for (const side of rotated(SIDES, round)) {
      const before = workshop.cpuTimes();
      const throughput = await closedLoop(sides.work[side], executions, concurrency);
      const settleMs = await settle(side, executions);
      const cpuMs = perExecution(before, workshop.cpuTimes(), executions);
      const latency = await oneByOne(sides.work[side], serial);
      await settle(side, serial);
      const segment = { side, round, throughput, latency, settleMs, cpuMs };
      say(lineOf(segment));
      appendFileSync(samplesFile, `${JSON.stringify(segment)}\n`);
      if (round > 0) segments.push(segment);
    }
  }
  return segments;
}

function perExecution(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  executions: number,
): Record<string, number> {
  return Object.fromEntries([...after].map(([name, ms]) => [name, (ms - (before.get(name) ?? 0)) / executions]));
}
