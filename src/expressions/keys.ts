import { ExpressionError, failed } from './errors';
import { dictGet, isDict } from './python/values';
import type { Dict, Value } from './python/values';
import type { KeySource } from './python/lookups';

/** A stored key that an expression asks for. */
export interface KeyRequest {
  scope: 'system' | 'user';
  name: string;
  decrypt: boolean;
}

/** What a {@link StoredKeys} finds a key's value by. */
export const keyId = ({ scope, name, decrypt }: KeyRequest): string =>
  `${decrypt ? 'decrypted' : 'stored'} ${scope}.${name}`;

/** Thrown when an evaluation lacks keys: fetch these, add them, evaluate again. */
export class LackingKeysError extends ExpressionError {
  constructor(readonly keys: readonly KeyRequest[]) {
    const names = keys.map(({ scope, name, decrypt }) => `${scope}.${name}${decrypt ? ' (decrypted)' : ''}`);
    super('EXPRESSION_LACKS_KEYS', `stored keys are needed first: ${names.join(', ')}`, { type: 'LackingKeys' });
  }
}

/**
 * Stored keys as far as they are known: nothing is fetched in here. A key that isn't known reads as empty text for now and is noted;
 * {@link evaluateWithKeys} then names all such keys in one go.
 */
export class StoredKeys implements KeySource {
  private readonly noted = new Map<string, KeyRequest>();
  /** Values by {@link keyId}; null for a key that is known not to be stored. */
  constructor(private readonly known: ReadonlyMap<string, string | null>) {}

  get lacking(): KeyRequest[] {
    return [...this.noted.values()];
  }
  /** The value; null when there is none, or when it isn't known yet. */
  find(request: KeyRequest): string | null {
    const value = this.known.get(keyId(request));
    if (value === undefined) this.noted.set(keyId(request), request);
    return value ?? null;
  }
  text(path: readonly string[]): string {
    const request = requestOf(path, false);
    return request ? (this.find(request) ?? '') : '';
  }
  decrypted(path: readonly string[]): string {
    const request = requestOf(path, true);
    const value = request && this.find(request);
    if (value === null && !(request && this.noted.has(keyId(request)))) throw absentKey(path);
    return value ?? '';
  }
}

const absentKey = (path: readonly string[]): Error =>
  failed(
    `Referenced datastore item "st2kv.${path.join('.')}" doesn't exist or it contains an empty string`,
    'ValueError',
  );

function requestOf([scope, ...names]: readonly string[], decrypt: boolean): KeyRequest | null {
  if ((scope !== 'system' && scope !== 'user') || names.length === 0) return null;
  return { scope, name: names.join('.'), decrypt };
}

/** Keys given as nested dicts, `{system: {a: {b: 'text'}}}`; there is nothing to decrypt. */
const nestedKeys = (root: Value): KeySource => ({
  text: (path) => {
    let value: Value = root;
    for (const name of path) value = (isDict(value) ? dictGet(value as Dict, name) : undefined) ?? null;
    return typeof value === 'string' ? value : '';
  },
  decrypted: (path) => {
    throw absentKey(path);
  },
});

export const keySourceOf = (given: unknown): KeySource =>
  given instanceof StoredKeys ? given : nestedKeys(given as Value);

/** Evaluates; throws {@link LackingKeysError} when keys turn out to be lacking, also where that made the evaluation fail. */
export function evaluateWithKeys<T>(keys: unknown, evaluate: () => T): T {
  if (!(keys instanceof StoredKeys)) return evaluate();
  let result: T;
  try {
    result = evaluate();
  } catch (error) {
    throw keys.lacking.length > 0 ? new LackingKeysError(keys.lacking) : error;
  }
  if (keys.lacking.length > 0) throw new LackingKeysError(keys.lacking);
  return result;
}
