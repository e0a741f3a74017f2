import { type MessageLimit, messageTooLarge } from "../codec/message-limit.ts";
import type { Codec } from "../definition.ts";
import { isStatusError, StatusError } from "../status/status-error.ts";
import { gunzip, gzip } from "./gzip.ts";

/** A message as it is sent, without its prefix. */
export interface EncodedMessage {
  readonly body: Uint8Array;
  readonly compressed: boolean;
}

/** Throws StatusError: RESOURCE_EXHAUSTED over the limit, INTERNAL when the codec refuses the value. */
export function encodeBody<T>(codec: Codec<unknown, T>, value: T, limit: MessageLimit): Uint8Array {
  let body: Uint8Array;
  try {
    body = codec.encode(value);
  } catch (error) {
    throw codecError("a message could not be encoded", error);
  }
  if (body.length > limit.bytes) throw messageTooLarge(body.length, limit, "sent");
  return body;
}

/** As `encodeBody`, compressed if `compress` says so. */
export function encodeMessage<T>(
  codec: Codec<unknown, T>,
  value: T,
  limit: MessageLimit,
  compress: "gzip" | undefined,
): EncodedMessage {
  const body = encodeBody(codec, value, limit);
  return compress === undefined ? { body, compressed: false } : { body: gzip(body), compressed: true };
}

/** Throws StatusError: INTERNAL for what cannot be decoded, RESOURCE_EXHAUSTED for what inflates too far. */
export function decodeMessage<T>(
  codec: Codec<T>,
  message: Uint8Array,
  compressed: boolean,
  encoding: "identity" | "gzip",
  limit: MessageLimit,
): T {
  if (compressed && encoding === "identity") {
    throw new StatusError(
      "INTERNAL",
      "a message is marked as compressed, but no grpc-encoding was announced",
    );
  }
  const bytes = compressed ? gunzip(message, limit) : message;
  try {
    return codec.decode(bytes);
  } catch (error) {
    throw codecError("a message could not be decoded", error);
  }
}

function codecError(what: string, error: unknown): StatusError {
  if (isStatusError(error)) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new StatusError("INTERNAL", `${what}: ${text}`, { cause: error });
}
