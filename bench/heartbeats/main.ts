import { parseArgs } from 'node:util';
import { startRoles } from '../lib/roles';
import { openWorkshop } from '../lib/workshop';
import { watchLag } from './lag';
import { beat } from './load';
import { PACK } from './pack';
import { firedHosts } from './verdict';

/**
 * `npm run bench -- heartbeats [--hosts N] [--rate N] [--seconds N] [--within N] [--silent N] [--json]`: hosts beat at a steady rate into an absence rule;
 * in the middle some fall silent. The last line tells how far the consumers lagged (records, median of the first and of the last third), how
 * many hosts were told as silent, and which were wrongly told or missed. Exit code 1 when any was, or when the lag grew.
 */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      hosts: { type: 'string', default: '10000' },
      rate: { type: 'string', default: '1000' },
      seconds: { type: 'string', default: '240' },
      within: { type: 'string', default: '60' },
      silent: { type: 'string', default: '100' },
      json: { type: 'boolean', default: false },
    },
  });
  const [hosts, rate, seconds, within, silent] = [
    Number(values.hosts),
    Number(values.rate),
    Number(values.seconds),
    Number(values.within),
    Number(values.silent),
  ];
  const workshop = await openWorkshop();
  try {
    const servers = await workshop.startServers();
    const apiUrl = await startRoles(workshop, servers, PACK(within));
    const before = workshop.cpuTimes();
    const lag = await watchLag(servers.kafka);
    const beating = await beat({ broker: servers.kafka, hosts, rate, silent, silentAfterMs: (seconds / 2) * 1_000 });
    await beating.until(seconds * 1_000);
    // Those that fell silent are told within one and a quarter of the time; the others beat on until that is over.
    await beating.until((seconds / 2 + within * 1.5) * 1_000);
    const fired = await firedHosts(apiUrl, silent);
    const sent = await beating.stop();
    const lags = await lag.stop();
    const wrong = [...fired].filter((host) => !beating.silent.has(host));
    const missed = [...beating.silent].filter((host) => !fired.has(host));
    const spent = [...workshop.cpuTimes()].map(([name, ms]) => [
      name,
      Math.round((ms - (before.get(name) ?? 0)) / 1_000),
    ]);
    const result = {
      hosts,
      rate: Math.round(sent.count / sent.seconds),
      ...lags,
      told_silent: fired.size,
      wrong: wrong.length,
      missed: missed.length,
    };
    if (!values.json) console.error('CPU seconds', JSON.stringify(Object.fromEntries(spent)));
    console.log(JSON.stringify(result));
    return wrong.length + missed.length === 0 && lags.lag_last <= Math.max(lags.lag_first * 2, rate) ? 0 : 1;
  } finally {
    await workshop.close();
  }
}
