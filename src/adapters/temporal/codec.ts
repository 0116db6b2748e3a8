import { createCipheriv, createDecipheriv, createHash, createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { temporal } from '@temporalio/proto';
import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common';
import { EverstormError } from '../../model/errors';

const ENCODING = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';
const IV_BYTES = 12;
const TAG_BYTES = 16;
export const CODEC_KEY_BYTES = 32;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const utf8 = (text: string): Uint8Array => encoder.encode(text);
const text = (bytes: Uint8Array | null | undefined): string => (bytes ? decoder.decode(bytes) : '');

/** Names a key without telling it. */
export function codecKeyId(key: Uint8Array): string {
  return createHash('sha256').update('everstorm-codec-key').update(key).digest('hex').slice(0, 16);
}

/**
 * Encrypts payloads with AES-256-GCM: data = 12 bytes IV, 16 bytes tag, ciphertext of the whole payload (its metadata
 * included). `key` (32 bytes) encrypts; `olderKeys` are for decoding only. Payloads of other encodings pass unchanged.
 * `decode` throws CONFIGURATION when the key is not at hand or the data was altered.
 */
export function createCodec(key: Uint8Array, olderKeys: readonly Uint8Array[] = []): PayloadCodec {
  const keys = new Map([key, ...olderKeys].map((each) => [codecKeyId(each), createSecretKey(each)]));
  const id = codecKeyId(key);
  const present = { key: createSecretKey(key), metadata: { encoding: utf8(ENCODING), [KEY_ID]: utf8(id) } };
  return {
    encode: (payloads) => Promise.resolve(payloads.map((payload) => encrypt(payload, present))),
    decode: async (payloads) => payloads.map((payload) => decrypt(payload, keys)),
  };
}

/** Data converter of every client and worker: JSON, encrypted, failures included. */
export function createDataConverter(codec: PayloadCodec): DataConverter {
  return { payloadCodecs: [codec], failureConverterPath: require.resolve('./failure-converter') };
}

interface PresentKey {
  key: KeyObject;
  metadata: Record<string, Uint8Array>;
}

function encrypt(payload: Payload, { key, metadata }: PresentKey): Payload {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const sealed = cipher.update(temporal.api.common.v1.Payload.encode(payload).finish());
  cipher.final(); // adds nothing in this mode
  const data = new Uint8Array(IV_BYTES + TAG_BYTES + sealed.length);
  data.set(iv, 0);
  data.set(cipher.getAuthTag(), IV_BYTES);
  data.set(sealed, IV_BYTES + TAG_BYTES);
  return { metadata: { ...metadata }, data };
}

function decrypt(payload: Payload, keys: ReadonlyMap<string, KeyObject>): Payload {
  if (text(payload.metadata?.['encoding']) !== ENCODING) return payload;
  const keyId = text(payload.metadata?.[KEY_ID]);
  const key = keys.get(keyId);
  if (!key)
    throw new EverstormError('CONFIGURATION', `A payload is encrypted with key ${keyId}, which is not configured`);
  const data = payload.data ?? new Uint8Array();
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, data.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAuthTag(data.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const plain = decipher.update(data.subarray(IV_BYTES + TAG_BYTES));
    decipher.final(); // throws when the tag does not fit
    return temporal.api.common.v1.Payload.decode(new Uint8Array(plain));
  } catch (cause) {
    throw new EverstormError('CONFIGURATION', `A payload encrypted with key ${keyId} was altered`, {}, { cause });
  }
}
