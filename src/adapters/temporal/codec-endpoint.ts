import type { Payload, PayloadCodec } from '@temporalio/common';
import { z } from 'zod';
import { EverstormError } from '../../model/errors';

const Base64 = z.string();
const WirePayload = z.object({ metadata: z.record(z.string(), Base64).nullish(), data: Base64.nullish() });
const WireBody = z.object({ payloads: z.array(WirePayload).nullish() });

/** Body of Temporal's remote codec protocol (`POST /encode`, `POST /decode`): bytes are base64. */
export type CodecBody = z.infer<typeof WireBody>;

/** Handlers of the remote codec protocol, for the Web UI and `temporal --codec-endpoint`. Both throw INVALID_REQUEST for another body. */
export interface CodecEndpoint {
  encode(body: unknown): Promise<CodecBody>;
  decode(body: unknown): Promise<CodecBody>;
}

export function createCodecEndpoint(codec: PayloadCodec): CodecEndpoint {
  const through = async (body: unknown, convert: (payloads: Payload[]) => Promise<Payload[]>): Promise<CodecBody> => {
    const parsed = WireBody.safeParse(body);
    if (!parsed.success) {
      throw new EverstormError('INVALID_REQUEST', 'The body is not of the remote codec protocol', {
        field: 'payloads',
      });
    }
    const converted = await convert((parsed.data.payloads ?? []).map(fromWire));
    return { payloads: converted.map(toWire) };
  };
  return {
    encode: (body) => through(body, (payloads) => codec.encode(payloads)),
    decode: (body) => through(body, (payloads) => codec.decode(payloads)),
  };
}

const bytes = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
const base64 = (data: Uint8Array): string => Buffer.from(data).toString('base64');

function fromWire(wire: z.infer<typeof WirePayload>): Payload {
  const metadata = Object.entries(wire.metadata ?? {}).map(([name, value]) => [name, bytes(value)] as const);
  return { metadata: Object.fromEntries(metadata), data: bytes(wire.data ?? '') };
}

function toWire(payload: Payload): z.infer<typeof WirePayload> {
  const metadata = Object.entries(payload.metadata ?? {}).map(([name, value]) => [name, base64(value)] as const);
  return { metadata: Object.fromEntries(metadata), data: base64(payload.data ?? new Uint8Array()) };
}
