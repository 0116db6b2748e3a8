import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { canonicalJson } from '../../model/canonical-json';
import { contentHash } from '../../model/ids';
import { messageOf } from '../../model/errors';
import type { JsonValue } from '../../model/json';
import type { SensorType } from '../../model/sensor';
import { INTERVAL_TIMER_TYPE } from '../../model/trigger';
import type { Housekeeping, SensorAssignment, TimerAssignment } from '../../ports/executions';
import type { Shards, WantedShards } from '../../ports/shards';
import type { Store } from '../../ports/store';
import type { Logger } from '../../telemetry/logger';
import type { CompiledDefinitions, DefinitionCache } from '../definition-cache';
import { compileDefinitions } from '../definition-changes';

const RUNNABLE = /\.(ts|js|cjs|mjs)$/;

/** Enabled sensors that this platform can run. A sensor whose file can't be read is left out; `onUnreadable` is told. */
export async function desiredSensors(
  sensors: readonly SensorType[],
  onUnreadable: (sensorRef: string, reason: string) => void,
): Promise<SensorAssignment[]> {
  const wanted: SensorAssignment[] = [];
  for (const sensor of sensors.filter(({ enabled, artifact_uri: uri }) => enabled && RUNNABLE.test(uri))) {
    const entryPath = fileURLToPath(sensor.artifact_uri);
    try {
      const code = await readFile(entryPath, 'utf8');
      wanted.push({
        sensorRef: sensor.ref,
        pack: sensor.pack,
        className: sensor.name,
        entryPath,
        ...(sensor.poll_interval === undefined ? {} : { pollIntervalSeconds: sensor.poll_interval }),
        triggerRefs: sensor.trigger_types,
        version: contentHash(canonicalJson({ sensor, code } as unknown as JsonValue)),
      });
    } catch (error) {
      onUnreadable(sensor.ref, messageOf(error));
    }
  }
  return wanted;
}

/** Interval timers that at least one enabled rule listens to. */
function desiredTimers({
  rules,
  remembering,
  triggers,
}: Pick<CompiledDefinitions, 'rules' | 'remembering' | 'triggers'>): TimerAssignment[] {
  const hears = (ref: string): boolean => rules.hears(ref) || remembering.triggers.has(ref);
  return [...triggers.values()].flatMap((trigger) => {
    const { unit, delta } = trigger.parameters;
    if (trigger.type !== INTERVAL_TIMER_TYPE || !hears(trigger.ref)) return [];
    if (typeof unit !== 'string' || typeof delta !== 'number' || !Number.isInteger(delta) || delta < 1) return [];
    const version = contentHash(canonicalJson(trigger.parameters));
    return [{ triggerRef: trigger.ref, triggerType: trigger.type, parameters: { unit, delta }, version }];
  });
}

/** The shards of enabled rules that remember. */
const desiredShards = ({ remembering }: CompiledDefinitions): WantedShards[] =>
  [...remembering.byRef.values()].map(({ rule, spec }) => ({ ruleRef: rule.ref, version: spec.version }));

export interface HousekeeperOptions {
  store: Pick<Store, 'definitions'>;
  housekeeping: Housekeeping;
  shards: Pick<Shards, 'retire'>;
  log: Pick<Logger, 'info' | 'warn'>;
  /** Those that the process follows anyway; without it all are read for each pass. */
  definitions?: Pick<DefinitionCache, 'refresh'>;
  /** Also without a change, so that a workflow somebody ended by hand comes back. Default 60 s. */
  everyMs?: number;
}

export interface Housekeeper {
  /** Resolves after the first pass was tried; trouble (Temporal down) is logged and tried again with back-off. */
  start(): Promise<void>;
  /** Resolves when a pass in progress has ended. */
  stop(): Promise<void>;
}

const EVERY_MS = 60_000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;

/** Keeps the sensor and timer workflows equal to the definitions: at start, after changes, and once a minute. Any number may run at once. */
export function createHousekeeper(options: HousekeeperOptions): Housekeeper {
  const { store, housekeeping, shards, log } = options;
  let stopped = true;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let unsubscribe: (() => Promise<void>) | undefined;
  let running: Promise<void> | null = null;
  let again = false;

  const pass = async (): Promise<void> => {
    const current = (): Promise<CompiledDefinitions> =>
      options.definitions?.refresh() ?? store.definitions.snapshot().then(compileDefinitions);
    const definitions = await current();
    const sensors = await store.definitions.list('sensor_type', { limit: -1, offset: 0 });
    const unreadable = (sensor: string, reason: string): void =>
      log.warn({ sensor }, `sensor can't be read: ${reason}`);
    // Each by itself: trouble with one sensor must not keep the timers from being made.
    const outcomes = await Promise.allSettled([
      housekeeping.reconcileTimers(desiredTimers(definitions)),
      shards.retire(async () => desiredShards(await current())),
      desiredSensors(sensors.rows, unreadable).then((wanted) => housekeeping.reconcileSensors(wanted)),
    ]);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  };
  const passes = async (): Promise<void> => {
    do {
      again = false;
      try {
        await pass();
        failures = 0;
      } catch (error) {
        failures += 1;
        log.warn({ attempt: failures }, `sensors and timers could not be reconciled: ${messageOf(error)}`);
      }
    } while (again && !stopped && failures === 0);
  };
  /** One pass at a time; a change during a pass asks for another. */
  const reconcile = (): Promise<void> => {
    if (stopped) return Promise.resolve();
    if (running !== null) {
      again = true;
      return running;
    }
    clearTimeout(timer);
    running = passes().finally(() => {
      running = null;
      if (!stopped) timer = setTimeout(() => void reconcile(), nextDelay(failures, options.everyMs ?? EVERY_MS));
    });
    return running;
  };

  return {
    start: async () => {
      stopped = false;
      unsubscribe = await store.definitions.subscribe(() => void reconcile());
      await reconcile();
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await unsubscribe?.();
      await running;
    },
  };
}

const nextDelay = (failures: number, everyMs: number): number =>
  failures === 0
    ? everyMs
    : Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS) * (0.5 + Math.random() / 2);
