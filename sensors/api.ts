import type { JsonObject, JsonValue } from '../src/model/json';

/**
 * What a pack's TypeScript sensor imports as `everstorm/sensor`. This file is bundled into every sensor, so it imports types only and the
 * host knows sensors by their methods, never by `instanceof`.
 */

export type { JsonObject, JsonValue } from '../src/model/json';

export interface DispatchOptions {
  /**
   * Id of the event, unique within this sensor. Choose one that follows from what was seen (a line's place, a row's key): an event that is
   * dispatched again after a crash then starts nothing twice. Default: fresh, so that repetitions count as new events.
   */
  eventId?: string;
  traceTag?: string;
  /** When it happened; default now. */
  occurredAt?: Date;
  /** Events of one key keep their order. Default: this sensor. */
  partitionKey?: string;
}

export interface SensorService {
  /**
   * Publishes an event of the trigger `pack.name`; resolves once the log has it for good. Set state only after that.
   * Rejects with code UNKNOWN_TRIGGER, INVALID_PAYLOAD, EVENT_TOO_LARGE, or UNAVAILABLE after bounded retries.
   */
  dispatch(triggerRef: string, payload: JsonObject, options?: DispatchOptions): Promise<{ instanceId: string }>;
}

/** What a sensor remembers when it is restarted or moved. JSON of at most 64 KiB in all; saved every second, so up to 2 s may be lost in a crash. */
export interface SensorState {
  get(key: string): JsonValue | undefined;
  set(key: string, value: JsonValue): void;
}

export interface SensorLogger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Given to a sensor before `setup`. */
export interface SensorContext {
  service: SensorService;
  state: SensorState;
  /** The pack's configuration. */
  config: JsonObject;
  logger: SensorLogger;
  /** Seconds; from the metadata. */
  pollInterval: number;
}

/**
 * A sensor that is told of events (a socket, a file's tail). Life: `setup`, `run` until its signal is aborted, `cleanup`.
 * A throw makes the platform start it again with its state; a return of `run` ends it. It shares its process with others, so it must not block the loop.
 */
export abstract class Sensor {
  protected service!: SensorService;
  protected state!: SensorState;
  protected config!: JsonObject;
  protected logger!: SensorLogger;
  /** Seconds between polls; may be changed at any time. */
  protected pollInterval!: number;

  /** Called by the host, once, before `setup`. */
  attach(context: SensorContext): void {
    this.service = context.service;
    this.state = context.state;
    this.config = context.config;
    this.logger = context.logger;
    this.pollInterval = context.pollInterval;
  }

  setup(): Promise<void> | void {}
  abstract run(signal: AbortSignal): Promise<void>;
  cleanup(): Promise<void> | void {}
}

/** A sensor that asks: `poll` is called, then again `pollInterval` seconds after it was done. */
export abstract class PollingSensor extends Sensor {
  abstract poll(signal: AbortSignal): Promise<void>;

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.poll(signal);
      await pause(this.pollInterval * 1000, signal);
    }
  }
}

/** Waits; ends at once when the signal is aborted. Never rejects. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
  });
}
