import { isJsonObject } from '../src/model/json';
import type { JsonValue } from '../src/model/json';
import type { ExecutionOutcome } from '../src/model/execution';

/** Temporal refuses payloads above 2 MiB; encryption and the envelope take a little. Bytes of the outcome's JSON. */
export const LARGEST_OUTCOME_BYTES = 1_900_000;

const sizeOf = (value: JsonValue): number => Buffer.byteLength(JSON.stringify(value) ?? '');

/**
 * The outcome as it is when it fits; else its largest texts are cut, each with a mark that says how much is gone. A large value that is no
 * text (an array, say) is cut as its JSON text. Status and small fields stay, so that whoever reads it sees how the action ended.
 */
export function fitOutcome(outcome: ExecutionOutcome, limit = LARGEST_OUTCOME_BYTES): ExecutionOutcome {
  if (sizeOf(outcome.result) <= limit) return outcome;
  if (!isJsonObject(outcome.result)) return { ...outcome, result: cut(outcome.result, limit) };
  const result = { ...outcome.result };
  const bySize = Object.keys(result).sort((a, b) => sizeOf(result[b] ?? null) - sizeOf(result[a] ?? null));
  for (const [index, key] of bySize.entries()) {
    const rest = sizeOf(result) - sizeOf(result[key] ?? null);
    // The largest gets what the others leave, but at least its share: two large streams are both cut.
    const share = Math.max(limit - rest, Math.floor(limit / (index + 2)));
    result[key] = cut(result[key] ?? null, share);
    if (sizeOf(result) <= limit) break;
  }
  return { ...outcome, result };
}

function cut(value: JsonValue, limit: number): JsonValue {
  if (sizeOf(value) <= limit) return value;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const mark = (kept: string): string =>
    `\n[cut: ${Buffer.byteLength(text) - Buffer.byteLength(kept)} of ${Buffer.byteLength(text)} bytes left out, a result holds ${LARGEST_OUTCOME_BYTES} bytes]`;
  let kept = text.slice(0, Math.max(0, limit - 200));
  while (kept.length > 0 && sizeOf(kept + mark(kept)) > limit) kept = kept.slice(0, Math.floor(kept.length * 0.8));
  return kept + mark(kept);
}
