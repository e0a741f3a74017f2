import { type MessageLimit, messageTooLarge } from "../codec/message-limit.ts";
import { prefixBytes, writePrefix } from "../codec/message-prefix.ts";
import type { Codec } from "../definition.ts";
import { isStatusError, StatusError } from "../status/status-error.ts";
import { gunzip, gzip } from "./gzip.ts";

/**
 * A message as it is sent, its prefix before it. Throws StatusError: RESOURCE_EXHAUSTED over the limit,
 * INTERNAL when the codec refuses the value.
 */
export function encodeFrame<T>(
  codec: Codec<unknown, T>,
  value: T,
  limit: MessageLimit,
  compress: "gzip" | undefined,
): Uint8Array {
  let frame: Uint8Array;
  try {
    frame = codec.encodeAfter?.(value, prefixBytes) ?? frameOf(codec.encode(value));
  } catch (error) {
    throw codecError("a message could not be encoded", error);
  }
  const length = frame.length - prefixBytes;
  if (length > limit.bytes) throw messageTooLarge(length, limit, "sent");
  if (compress !== undefined) frame = frameOf(gzip(frame.subarray(prefixBytes)));
  writePrefix(frame, compress !== undefined);
  return frame;
}

/**
 * The message in `bytes` from `start` to `end`; `owned` as for a MessageSink. Throws StatusError: INTERNAL for what cannot be decoded,
 * RESOURCE_EXHAUSTED for what inflates too far.
 */
export function decodeMessage<T>(
  codec: Codec<T>,
  bytes: Uint8Array,
  start: number,
  end: number,
  encoding: "plain" | "identity" | "gzip",
  owned: boolean,
  limit: MessageLimit,
): T {
  if (encoding === "identity") {
    const text = "a message is marked as compressed, but no grpc-encoding was announced";
    throw new StatusError("INTERNAL", text);
  }
  const inflated = encoding === "gzip" ? gunzip(bytes.subarray(start, end), limit) : undefined;
  try {
    if (inflated !== undefined) return decodeOne(codec, inflated, 0, inflated.length, true);
    return decodeOne(codec, bytes, start, end, owned);
  } catch (error) {
    throw codecError("a message could not be decoded", error);
  }
}

function decodeOne<T>(codec: Codec<T>, bytes: Uint8Array, start: number, end: number, owned: boolean): T {
  if (codec.decodeWithin !== undefined) return codec.decodeWithin(bytes, start, end, owned);
  // Not a Buffer, whatever the socket hands out: its `slice` does not copy, as a codec would think.
  return codec.decode(new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start));
}

function frameOf(body: Uint8Array): Uint8Array {
  const frame = new Uint8Array(prefixBytes + body.length);
  frame.set(body, prefixBytes);
  return frame;
}

function codecError(what: string, error: unknown): StatusError {
  if (isStatusError(error)) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new StatusError("INTERNAL", `${what}: ${text}`, { cause: error });
}
