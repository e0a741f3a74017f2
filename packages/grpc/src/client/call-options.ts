import type { Metadata, MetadataInit } from "../metadata/metadata.ts";

/** How one call is made; every field is optional. */
export interface CallOptions {
  /** Cancels the call: it rejects with CANCELLED, and the handler's own signal aborts. */
  readonly signal?: AbortSignal | undefined;
  /** From the call's beginning; then it fails with DEADLINE_EXCEEDED, on both sides. Default: no deadline. */
  readonly timeoutMs?: number | undefined;
  /** Sent with the request. */
  readonly metadata?: MetadataInit | undefined;
  /** Compresses the messages that this side sends. */
  readonly compress?: "gzip" | undefined;
  /** Called with the metadata at the beginning of the answer. */
  onHeaders?(metadata: Metadata): void;
  /** Called with the metadata at the end of the answer, also when the call fails. */
  onTrailers?(metadata: Metadata): void;
}

/** `options` over `defaults`. */
export function mergeOptions(
  defaults: CallOptions | undefined,
  options: CallOptions | undefined,
): CallOptions {
  if (defaults === undefined) return options ?? {};
  return options === undefined ? defaults : { ...defaults, ...options };
}
