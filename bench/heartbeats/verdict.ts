import { setTimeout as delay } from 'node:timers/promises';

const WITHIN_MS = 60_000;

/** Hosts that the absence rule fired for; asked again until there are as many as expected, at most a minute. */
export async function firedHosts(apiUrl: string, expected: number): Promise<Set<string>> {
  const get = async <T>(path: string): Promise<T> => (await (await fetch(`${apiUrl}/api/v1${path}`)).json()) as T;
  for (const end = Date.now() + WITHIN_MS; ; await delay(1_000)) {
    const fired = await get<{ trigger_instance_id: string }[]>('/ruleenforcements?limit=-1&rule_ref=bench.silent');
    if (fired.length < expected && Date.now() < end) continue;
    const hosts = new Set<string>();
    for (const { trigger_instance_id: id } of fired)
      hosts.add((await get<{ payload: { host: string } }>(`/triggerinstances/${id}`)).payload.host);
    return hosts;
  }
}
