import { destination, pino, stdTimeFunctions } from 'pino';
import type { Logger as PinoLogger } from 'pino';

/** Structured log: object first, message second; never a payload. */
export type Logger = PinoLogger;

/** Logs JSON lines to standard error, so that standard output stays for results. */
export function createLogger(level: string, role: string): Logger {
  return pino({ level, base: { role }, timestamp: stdTimeFunctions.isoTime }, destination(2));
}
