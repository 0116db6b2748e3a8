import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import { errorCode, messageOf } from '../src/model/errors';
import type { JsonObject } from '../src/model/json';
import type { SensorAssignment } from '../src/ports/executions';
import type { EventLog } from '../src/ports/event-log';
import type { SensorLogger } from './api';
import { pause } from './api';
import { createSensorService } from './dispatch';
import type { LoadedSensor } from './loader';
import { loadSensor } from './loader';
import type { KeptState } from './state';
import { createState } from './state';

export interface SensorHostOptions {
  eventLog: Pick<EventLog, 'publish'>;
  /** Is there a trigger with this ref? Asked on every dispatch, so it should answer from memory. */
  triggerExists: (ref: string) => Promise<boolean>;
  /** Logger whose lines name the sensor. */
  log: (sensorRef: string) => SensorLogger;
  /** Bundles of entry points are kept here. */
  cacheDirectory: string;
  /** Configuration of a pack; default none. */
  packConfig?: (pack: string) => JsonObject;
}

const HEARTBEAT_EVERY_MS = 1_000;
/** How long a sensor may take to end once it is told to, and then to clean up. */
const STOP_WITHIN_MS = 3_000;
const DEFAULT_POLL_INTERVAL_SECONDS = 5;

type SensorActivity = (assignment: SensorAssignment) => Promise<void>;

/**
 * The activity that is a sensor: it runs until cancelled, heartbeats every second with the sensor's state, and starts from the state of the attempt
 * before. A sensor that throws fails the activity with SENSOR_FAILED, which Temporal retries; so does a worker that shuts down, which lets the
 * sensor move at once. A sensor whose `run` returns has ended.
 */
export function createSensorActivities(options: SensorHostOptions): { 'everstorm.sensor': SensorActivity } {
  return { 'everstorm.sensor': (assignment) => runSensor(assignment, options) };
}

async function runSensor(assignment: SensorAssignment, options: SensorHostOptions): Promise<void> {
  const context = Context.current();
  const logger = options.log(assignment.sensorRef);
  const state = createState(context.info.heartbeatDetails);
  const stop = new AbortController();
  const stopped = (): void => stop.abort();
  context.cancellationSignal.addEventListener('abort', stopped);
  if (context.cancellationSignal.aborted) stop.abort();
  const beat = setInterval(() => context.heartbeat(state.snapshot()), HEARTBEAT_EVERY_MS);
  try {
    const sensor = await loadSensor({ ...assignment, cacheDirectory: options.cacheDirectory });
    sensor.attach({
      service: createSensorService({ ...options, sensorRef: assignment.sensorRef, signal: stop.signal }),
      state,
      config: options.packConfig?.(assignment.pack) ?? {},
      logger,
      pollInterval: assignment.pollIntervalSeconds ?? DEFAULT_POLL_INTERVAL_SECONDS,
    });
    await live(sensor, { stop, logger });
  } catch (error) {
    if (!context.cancellationSignal.aborted) throw sensorFailed(assignment.sensorRef, error);
    logger.warn(`ended with an error while it was stopped: ${messageOf(error)}`);
  } finally {
    clearInterval(beat);
    context.cancellationSignal.removeEventListener('abort', stopped);
    keep(context, state);
  }
  if (context.cancellationSignal.aborted) throw cancellation(context, assignment.sensorRef);
}

async function live(
  sensor: LoadedSensor,
  { stop, logger }: { stop: AbortController; logger: SensorLogger },
): Promise<void> {
  try {
    await sensor.setup();
    await untilStopped(sensor.run(stop.signal), { signal: stop.signal, logger });
  } finally {
    stop.abort();
    await bounded(async () => sensor.cleanup(), logger);
  }
}

/** The run's end; or, once told to stop, its end within the bound. */
async function untilStopped(
  run: Promise<void>,
  { signal, logger }: { signal: AbortSignal; logger: SensorLogger },
): Promise<void> {
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([run, aborted]);
  await bounded(() => run, logger);
}

async function bounded(work: () => Promise<void>, logger: SensorLogger): Promise<void> {
  const done = new AbortController();
  let late = true;
  const limit = pause(STOP_WITHIN_MS, done.signal);
  const finished = work().finally(() => {
    late = false;
    done.abort();
  });
  await Promise.race([finished, limit.then(() => (late ? undefined : finished))]);
  if (!late) return;
  finished.catch((error: unknown) => logger.warn(`failed after it was left behind: ${messageOf(error)}`));
  logger.warn(`did not stop within ${STOP_WITHIN_MS} ms and was left behind`);
}

/** Sends the newest state; the activity may have been given up on by the server, which is no news here. */
function keep(context: Context, state: KeptState): void {
  context.heartbeat(state.snapshot());
}

function sensorFailed(sensorRef: string, error: unknown): ApplicationFailure {
  const code = errorCode(error);
  return ApplicationFailure.create({
    type: 'SENSOR_FAILED',
    message: `Sensor ${sensorRef} failed${code === null ? '' : ` (${code})`}: ${messageOf(error)}`,
    nonRetryable: false,
    ...(error instanceof Error ? { cause: error } : {}),
  });
}

/** A worker that shuts down was not asked by the server to cancel: a retryable failure hands the sensor to another worker at once. */
function cancellation(context: Context, sensorRef: string): Error {
  const details = context.cancellationDetails;
  if (details?.workerShutdown === true && !details.cancelRequested) {
    return ApplicationFailure.create({
      type: 'SENSOR_FAILED',
      message: `Sensor ${sensorRef} moves: its worker shuts down`,
    });
  }
  return new CancelledFailure(`Sensor ${sensorRef} was stopped`);
}
