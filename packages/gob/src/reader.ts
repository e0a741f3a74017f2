import { Buffer } from "node:buffer";
import { Fault } from "./fault.ts";
import type { GobLimits } from "./limits.ts";

const scratch = new DataView(new ArrayBuffer(8));
// The engine keeps arrays up to this length in its own heap, where making one costs little.
const fewBytes = 64;
// Longer ones cost more to allocate than to fill: up to this length they share an allocation.
const pooledBytes = 512;
const poolBytes = 4096;
const empty = Buffer.allocUnsafeSlow(0);

/**
 * Thrown when a value goes on in a message that has not arrived yet. Not a failure: the decoder takes
 * its steps back and tries again with more bytes.
 */
export const starved: unique symbol = Symbol("starved");

/**
 * Reads gob's primitives in place from the messages received so far. `pos` to `end` is what is left of
 * the present message; nothing reads past `end`.
 */
export class Reader {
  readonly limits: GobLimits;
  bytes: Buffer = empty;
  pos = 0;
  end = 0;
  /** End of the bytes received. */
  available = 0;
  /** Offset in the stream of `bytes[0]`. */
  base = 0;
  #high = 0;
  #low = 0;
  #pool: Uint8Array = empty;
  #poolUsed = 0;
  #depth = 0;
  #elements = 0;

  constructor(limits: GobLimits) {
    this.limits = limits;
  }

  /** Reads from `chunk` on, which begins `base` bytes into the stream. */
  reset(chunk: Uint8Array, base: number): void {
    this.bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    this.base = base;
    this.available = chunk.length;
    this.moveTo(0);
  }

  /** Lets go of bytes that have all been read. */
  clear(): void {
    this.base += this.pos;
    this.bytes = empty;
    this.available = 0;
    this.moveTo(0);
  }

  /** To a place between messages, with what one value may use up unused. */
  moveTo(pos: number): void {
    this.pos = pos;
    this.end = pos;
    this.#depth = 0;
    this.#elements = 0;
  }

  /** Bytes from the start of the stream. */
  get offset(): number {
    return this.base + this.pos;
  }

  /** Bytes that are left of the present message. */
  get left(): number {
    return this.end - this.pos;
  }

  /** Steps into the next message if all of it has arrived. Only called at the end of one. */
  nextMessage(): boolean {
    const start = this.pos;
    this.end = this.available;
    const length = this.#messageLength();
    if (length === undefined || this.pos + length > this.available) {
      this.pos = start;
      this.end = start;
      return false;
    }
    this.end = this.pos + length;
    return true;
  }

  /** Bytes that the message at `pos` takes with its length, if its length has arrived. */
  nextMessageBytes(): number | undefined {
    const start = this.pos;
    this.end = this.available;
    const length = this.#messageLength();
    const total = length === undefined ? undefined : this.pos + length - start;
    this.pos = start;
    this.end = start;
    return total;
  }

  #messageLength(): number | undefined {
    if (this.pos === this.end) return undefined;
    const first = this.bytes[this.pos] as number;
    if (first >= 128 && this.pos + 256 - first >= this.end && first >= 248) return undefined;
    const at = this.offset;
    const length = this.uint();
    if (length >= this.limits.maxMessageBytes) {
      const limit = this.limits.maxMessageBytes;
      throw new Fault("gob-limit", `message of ${length} bytes, the limit is ${limit} (maxMessageBytes)`, at);
    }
    return length;
  }

  enter(): void {
    if (++this.#depth > this.limits.maxDepth) {
      throw this.fault("gob-limit", `nested deeper than ${this.limits.maxDepth} (maxDepth)`);
    }
  }

  leave(): void {
    this.#depth--;
  }

  /** Counts elements against the value's budget before any is decoded. */
  spend(elements: number): void {
    this.#elements += elements;
    if (this.#elements > this.limits.maxElements) {
      throw this.fault("gob-limit", `more than ${this.limits.maxElements} elements in a value (maxElements)`);
    }
  }

  /**
   * The count of elements that follow. Each takes at least `bytesEach`; none may lie in a later message
   * unless `spread` says that elements can (those that hold interface values).
   */
  count(bytesEach: number, spread: boolean): number {
    const count = this.uint();
    if (!spread && count * bytesEach > this.left) {
      throw this.fault("gob-truncated", `${count} elements announced, ${this.left} bytes left`);
    }
    this.spend(count);
    return count;
  }

  fault(code: Fault["code"], what: string): Fault {
    return new Fault(code, what, this.offset);
  }

  byte(): number {
    if (this.pos >= this.end) throw this.fault("gob-truncated", "the message ends inside a value");
    return this.bytes[this.pos++] as number;
  }

  /** An unsigned integer as a number; a `gob-range` fault when it is over 2^53 - 1. */
  uint(): number {
    const first = this.byte();
    if (first < 128) return first;
    this.#long(first);
    if (this.#high > 0x1fffff) throw this.#unsafe();
    return this.#high * 0x100000000 + this.#low;
  }

  /** Passes over an integer or float. */
  skipUint(): void {
    const first = this.byte();
    if (first >= 128) this.pos = this.#stop(first);
  }

  /** A signed integer as a number; a `gob-range` fault when it is not a safe integer. */
  int(): number {
    const first = this.byte();
    if (first < 128) return first & 1 ? ~(first >> 1) : first >> 1;
    this.#long(first);
    const magnitude = this.#high * 0x80000000 + (this.#low >>> 1);
    const isNegative = (this.#low & 1) === 1;
    if (magnitude > Number.MAX_SAFE_INTEGER - (isNegative ? 1 : 0)) throw this.#unsafe();
    return isNegative ? -magnitude - 1 : magnitude;
  }

  /** An unsigned integer up to 2^64 - 1. */
  bigUint(): bigint {
    const first = this.byte();
    if (first < 128) return BigInt(first);
    this.#long(first);
    if (this.#high === 0) return BigInt(this.#low);
    return (BigInt(this.#high) << 32n) | BigInt(this.#low);
  }

  /** A signed integer from -2^63 to 2^63 - 1. */
  bigInt(): bigint {
    const unsigned = this.bigUint();
    return unsigned & 1n ? ~(unsigned >> 1n) : unsigned >> 1n;
  }

  /** A 64-bit float: sent as an integer, of its bytes from the least significant on. */
  float(): number {
    const first = this.byte();
    if (first < 128) {
      this.#high = 0;
      this.#low = first;
    } else {
      this.#long(first);
    }
    scratch.setUint32(0, this.#high);
    scratch.setUint32(4, this.#low);
    return scratch.getFloat64(0, true);
  }

  // The integer after its count byte, as two unsigned halves.
  #long(first: number): void {
    const stop = this.#stop(first);
    const bytes = this.bytes;
    let at = this.pos;
    let high = 0;
    let low = 0;
    while (stop - at > 4) high = (high << 8) | (bytes[at++] as number);
    while (at < stop) low = (low << 8) | (bytes[at++] as number);
    this.#high = high >>> 0;
    this.#low = low >>> 0;
    this.pos = stop;
  }

  /** A count and that many bytes: returns where they start and passes over them. */
  counted(): number {
    const length = this.uint();
    if (length > this.left) {
      throw this.fault("gob-truncated", `${length} bytes announced, ${this.left} left in the message`);
    }
    const start = this.pos;
    this.pos = start + length;
    return start;
  }

  string(): string {
    const start = this.counted();
    const length = this.pos - start;
    if (length < 16) return this.#shortString(start);
    return this.bytes.utf8Slice(start, this.pos);
  }

  // A call into the runtime costs more than a few bytes are worth; four at a time make fewer strings.
  #shortString(start: number): string {
    const { bytes, pos: end } = this;
    let text = "";
    let at = start;
    for (; at + 4 <= end; at += 4) {
      const a = bytes[at] as number;
      const b = bytes[at + 1] as number;
      const c = bytes[at + 2] as number;
      const d = bytes[at + 3] as number;
      if ((a | b | c | d) >= 128) return bytes.utf8Slice(start, end);
      text += String.fromCharCode(a, b, c, d);
    }
    for (; at < end; at++) {
      const byte = bytes[at] as number;
      if (byte >= 128) return bytes.utf8Slice(start, end);
      text += String.fromCharCode(byte);
    }
    return text;
  }

  /** A copy of a counted run of bytes. */
  ownBytes(): Uint8Array {
    const start = this.counted();
    const length = this.pos - start;
    if (length > fewBytes) return length > pooledBytes ? this.#copy(start) : this.#pooledCopy(start);
    const own = new Uint8Array(length);
    for (let i = 0; i < length; i++) own[i] = this.bytes[start + i] as number;
    return own;
  }

  #copy(start: number): Uint8Array {
    const own = new Uint8Array(this.pos - start);
    this.bytes.copy(own, 0, start, this.pos);
    return own;
  }

  #pooledCopy(start: number): Uint8Array {
    const length = this.pos - start;
    if (this.#poolUsed + length > this.#pool.length) {
      this.#pool = new Uint8Array(poolBytes);
      this.#poolUsed = 0;
    }
    const own = this.#pool.subarray(this.#poolUsed, this.#poolUsed + length);
    this.bytes.copy(own, 0, start, this.pos);
    this.#poolUsed += length;
    return own;
  }

  // Checks the count byte of a long integer; returns the offset after it.
  #stop(first: number): number {
    const length = 256 - first;
    if (length > 8) throw this.fault("gob-corrupt", `an integer of ${length} bytes, at most 8 are possible`);
    if (length > this.left) throw this.fault("gob-truncated", "the message ends inside an integer");
    return this.pos + length;
  }

  #unsafe(): Fault {
    return this.fault("gob-range", "integer beyond 2^53 - 1: use a bigint schema (bigInt64, bigUint64)");
  }
}
