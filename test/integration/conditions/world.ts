import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { newDevPlatform } from '../../helpers/dev-process';
import type { DevPlatform, Variables } from '../../helpers/dev-process';
import { kafkaBroker } from '../../helpers/addresses';
import { get } from '../platform/api';
import type { Enforcement } from '../platform/api';
import { until } from '../temporal/support';
import { PACK, triggerOf, writePack } from './pack';

/** An event to publish; what is left out is drawn. */
export interface TestEvent {
  trigger: string;
  id?: string;
  /** Default: one source, so all are in one partition and in order. */
  source?: string;
  time?: string;
  payload: Record<string, unknown>;
}
export interface RecordedEnforcement extends Enforcement {
  failure_reason?: string;
}

export interface World {
  platform: DevPlatform;
  publish(events: readonly TestEvent[]): Promise<void>;
  /** Enforcements of a rule of the pack. */
  enforcements(rule: string): Promise<RecordedEnforcement[]>;
  /** Waits until a rule has so many enforcements of a status; all of them. */
  expectCount(rule: string, status: string, count: number, withinMs?: number): Promise<RecordedEnforcement[]>;
  dispose(): Promise<void>;
}

export const toMessage = ({ trigger, id = randomUUID(), source = '/tests', time, payload }: TestEvent) => ({
  key: source,
  value: JSON.stringify(payload),
  headers: {
    ce_specversion: '1.0',
    ce_id: id,
    ce_source: source,
    ce_type: `${PACK}.${trigger}`,
    ...(time === undefined ? {} : { ce_time: time }),
    'content-type': 'application/json',
  },
});

/** A platform with these rules, which its rule service knows. */
export async function startWorld(
  triggers: readonly string[],
  rules: readonly Record<string, unknown>[],
  variables: Variables = {},
): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'everstorm-memory-'));
  const probe = { name: 'zz_probe', trigger: triggerOf('probe') };
  const packs = writePack(folder, [...triggers, 'probe'], [...rules, probe]);
  const platform = await newDevPlatform({ EVERSTORM_PACK_PATHS: packs, ...variables });
  const producer = new Kafka({ brokers: [kafkaBroker()], logLevel: logLevel.NOTHING }).producer();
  const enforcements = (rule: string): Promise<RecordedEnforcement[]> =>
    get(platform.apiUrl, `/ruleenforcements?limit=-1&rule_ref=${PACK}.${rule}`);
  const publish = async (events: readonly TestEvent[]): Promise<void> => {
    await producer.send({ topic: platform.eventsTopic, acks: -1, messages: events.map(toMessage) });
  };
  await platform.start();
  await producer.connect();
  // Rules are registered in the order of their names: who knows the last one knows all.
  await until('the rule service knows the rules', async () => {
    await publish([{ trigger: 'probe', payload: {} }]);
    return (await enforcements('zz_probe')).length > 0;
  });
  return {
    platform,
    publish,
    enforcements,
    expectCount: (rule, status, count, withinMs) =>
      until(
        `${rule} has ${count} times ${status}`,
        async () => {
          const found = (await enforcements(rule)).filter((each) => each.status === status);
          return found.length >= count && found;
        },
        withinMs,
      ),
    dispose: async () => {
      await producer.disconnect();
      await platform.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
