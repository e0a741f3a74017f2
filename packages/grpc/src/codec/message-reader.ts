import { Buffer } from "node:buffer";
import { StatusError } from "../status/status-error.ts";
import { type MessageLimit, messageTooLarge } from "./message-limit.ts";
import { declaredLength, prefixBytes } from "./message-prefix.ts";

/**
 * Receives each message: `bytes` from `start` to `end`. They are valid only during the call, unless they are
 * `owned`: then nobody else has them.
 */
export type MessageSink = (
  bytes: Uint8Array,
  start: number,
  end: number,
  compressed: boolean,
  owned: boolean,
) => void;

/** True if `chunk` is one whole message that the limit allows, so that no MessageReader is needed for it. */
export function isWholeMessage(chunk: Uint8Array, limit: MessageLimit): boolean {
  const length = chunk.length - prefixBytes;
  return length >= 0 && (chunk[0] ?? 0) <= 1 && length <= limit.bytes && declaredLength(chunk, 0) === length;
}

// What is allocated at once for a message on a peer's word alone; more is allocated as bytes arrive.
const firstAllocationBytes = 256 * 1024;

const nothing = new Uint8Array(0);

/**
 * Cuts a stream of bytes into messages. A message that lies within one chunk is passed on without a copy;
 * a declared length over the limit fails before a byte of it is waited for.
 */
export class MessageReader {
  readonly #limit: MessageLimit;
  readonly #prefix = new Uint8Array(prefixBytes);
  #prefixLength = 0;
  #body: Uint8Array = nothing;
  #bodyLength = 0;
  #expected = 0;

  constructor(limit: MessageLimit) {
    this.#limit = limit;
  }

  /** True in the middle of a message. */
  get unfinished(): boolean {
    return this.#prefixLength > 0;
  }

  /** Throws StatusError: RESOURCE_EXHAUSTED over the limit, INTERNAL for an unknown flag. */
  read(chunk: Uint8Array, sink: MessageSink): void {
    let offset = 0;
    while (offset < chunk.length) {
      const whole = this.#prefixLength === 0 ? this.#wholeMessageEnd(chunk, offset) : 0;
      if (whole === 0) {
        offset = this.#collect(chunk, offset, sink);
        continue;
      }
      sink(chunk, offset + prefixBytes, whole, chunk[offset] === 1, false);
      offset = whole;
    }
  }

  // Where the message that starts at `offset` ends, or 0 if it goes on beyond the chunk.
  #wholeMessageEnd(chunk: Uint8Array, offset: number): number {
    if (chunk.length - offset < prefixBytes) return 0;
    const end = offset + prefixBytes + this.#checkedLength(chunk, offset);
    return end <= chunk.length ? end : 0;
  }

  #checkedLength(bytes: Uint8Array, offset: number): number {
    const flag = bytes[offset] ?? 0;
    if (flag > 1) {
      throw new StatusError("INTERNAL", `message prefix has flag ${flag}, expected 0 or 1`);
    }
    const length = declaredLength(bytes, offset);
    if (length > this.#limit.bytes) throw messageTooLarge(length, this.#limit, "received");
    return length;
  }

  #collect(chunk: Uint8Array, start: number, sink: MessageSink): number {
    let offset = start;
    while (this.#prefixLength < prefixBytes) {
      if (offset === chunk.length) return offset;
      this.#prefix[this.#prefixLength++] = chunk[offset++] ?? 0;
      if (this.#prefixLength === prefixBytes) this.#expected = this.#checkedLength(this.#prefix, 0);
    }
    const size = Math.min(chunk.length - offset, this.#expected - this.#bodyLength);
    this.#append(chunk, offset, size);
    if (this.#bodyLength === this.#expected) this.#emit(sink);
    return offset + size;
  }

  #append(chunk: Uint8Array, offset: number, size: number): void {
    const needed = this.#bodyLength + size;
    if (needed > this.#body.length) {
      const capacity = Math.max(needed, this.#body.length * 2, firstAllocationBytes);
      // Not cleared: every byte is overwritten before the message is handed on.
      const grown = new Uint8Array(Buffer.allocUnsafeSlow(Math.min(capacity, this.#expected)).buffer);
      grown.set(this.#body.subarray(0, this.#bodyLength));
      this.#body = grown;
    }
    this.#body.set(chunk.subarray(offset, offset + size), this.#bodyLength);
    this.#bodyLength = needed;
  }

  #emit(sink: MessageSink): void {
    const body = this.#body;
    this.#body = nothing;
    this.#prefixLength = 0;
    this.#bodyLength = 0;
    sink(body, 0, this.#expected, this.#prefix[0] === 1, true);
  }
}
