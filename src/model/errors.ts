/**
 * The one error catalogue. A code's entry says its HTTP status, who must act, and whether trying again can help.
 * The code travels as `ApplicationFailure.type` through Temporal, as reason in the dead-letter topic, and as slug in docs/errors.md,
 * so it is compared by code (never by message or `instanceof`, which lie across V8 contexts).
 */
export type WhoActs = 'caller' | 'operator' | 'developer';
export interface ErrorKind {
  http: number;
  who: WhoActs;
  retryable: boolean;
}

const kind = (http: number, who: WhoActs, retryable = false): ErrorKind => ({ http, who, retryable });

export const ERRORS = {
  // requests
  INVALID_REQUEST: kind(400, 'caller'),
  MALFORMED_BODY: kind(400, 'caller'),
  BODY_TOO_LARGE: kind(413, 'caller'),
  UNSUPPORTED_MEDIA_TYPE: kind(415, 'caller'),
  NOT_FOUND: kind(404, 'caller'),
  CONFLICT: kind(409, 'caller'),
  FORBIDDEN: kind(403, 'caller'),
  // definitions
  INVALID_DEFINITION: kind(400, 'caller'),
  UNKNOWN_OPERATOR: kind(400, 'caller'),
  UNKNOWN_TRIGGER: kind(400, 'caller'),
  UNKNOWN_ACTION: kind(400, 'caller'),
  UNKNOWN_RUNNER: kind(400, 'caller'),
  ACTION_DISABLED: kind(400, 'caller'),
  RUNNER_DISABLED: kind(400, 'caller'),
  INVALID_PARAMETERS: kind(400, 'caller'),
  SYSTEM_PACK: kind(400, 'caller'),
  PACK_FILES: kind(500, 'operator'),
  // events
  INVALID_EVENT: kind(400, 'caller'),
  INVALID_ENCODING: kind(400, 'caller'),
  INVALID_PAYLOAD: kind(400, 'caller'),
  EVENT_TOO_LARGE: kind(413, 'caller'),
  // evaluation
  EXPRESSION_SYNTAX: kind(400, 'caller'),
  EXPRESSION_FAILED: kind(400, 'caller'),
  EXPRESSION_BOUND: kind(400, 'caller'),
  EXPRESSION_LACKS_KEYS: kind(500, 'developer'),
  CRITERION_FAILED: kind(400, 'caller'),
  // execution
  ACTION_FAILED: kind(500, 'caller'),
  ACTION_TIMEOUT: kind(500, 'caller'),
  ACTION_ABANDONED: kind(500, 'operator'),
  ALREADY_COMPLETED: kind(400, 'caller'),
  SENSOR_FAILED: kind(500, 'caller', true),
  // dependencies
  UNAVAILABLE: kind(503, 'operator', true),
  TIMED_OUT: kind(504, 'operator', true),
  CONFIGURATION: kind(500, 'operator'),
  INTERNAL: kind(500, 'developer'),
} as const satisfies Record<string, ErrorKind>;
export type ErrorCode = keyof typeof ERRORS;

/** An error of the catalogue. `message` is for people and holds no payload values; `details` name fields and expectations. */
export class EverstormError extends Error {
  override readonly name = 'EverstormError';
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: { field?: string; expected?: string; conflictId?: string; retryAfterSeconds?: number } = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
  get http(): number {
    return ERRORS[this.code].http;
  }
  get retryable(): boolean {
    return ERRORS[this.code].retryable;
  }
}

/** The code of an error that may have crossed a V8 context or a process; null when it is none of ours. */
export function errorCode(error: unknown): ErrorCode | null {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : null;
}

/** Text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error || (typeof error === 'object' && error !== null && 'message' in error)
    ? String((error as { message: unknown }).message)
    : String(error);
}
