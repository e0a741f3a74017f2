import { Buffer } from "node:buffer";

const slabBytes = 64 * 1024;
// A message begins on a new slab when less than this is left of the present one.
const roomyBytes = 8 * 1024;
// Room for lengths and small fields after a large one.
const followingBytes = 256;
// What is kept for the next large message, and only one: a peer's slowness must not decide how much is held.
const longestSpareBytes = 1024 * 1024;
const shortText = 32;
const shortChunk = 48;

/**
 * Where messages are encoded, one after the other in slabs that are never written twice: what is finished is a
 * view, not a copy. A message that a slab has no room for gets memory of its own, which `release` takes back.
 */
export class Output {
  #slab: Buffer = Buffer.allocUnsafeSlow(slabBytes);
  #slabUsed = 0;
  #spare: Buffer | undefined;
  // Memory of messages that have some of their own: nobody else's may be taken back.
  readonly #own = new WeakMap<ArrayBufferLike, Buffer>();
  // The present message: in the slab, or in memory of its own.
  #bytes: Buffer = this.#slab;
  #start = 0;
  #position = 0;

  /** Begins a message after a gap for the caller; one that was begun before and not finished is forgotten. */
  begin(gapBytes: number): void {
    if (slabBytes - this.#slabUsed < roomyBytes) {
      this.#slab = Buffer.allocUnsafeSlow(slabBytes);
      this.#slabUsed = 0;
    }
    this.#bytes = this.#slab;
    this.#start = this.#slabUsed;
    this.#position = this.#start + gapBytes;
  }

  /** The gap and the message. */
  finish(): Uint8Array {
    const bytes = this.#bytes;
    if (bytes === this.#slab) this.#slabUsed = this.#position;
    else {
      this.#bytes = this.#slab;
      if (bytes.length <= longestSpareBytes) this.#own.set(bytes.buffer, bytes);
    }
    return new Uint8Array(bytes.buffer, this.#start, this.#position - this.#start);
  }

  /** The bytes that `finish` returned are not needed any more: their memory may be written again. */
  release(bytes: Uint8Array): void {
    // Smaller ones lie in the slab.
    if (bytes.length < roomyBytes) return;
    const memory = this.#own.get(bytes.buffer);
    if (memory === undefined || memory.length <= (this.#spare?.length ?? 0)) return;
    this.#own.delete(bytes.buffer);
    this.#spare = memory;
  }

  /** Leaves room for the length of what is written until `join`. */
  fork(): number {
    this.#ensure(1);
    return this.#position++ - this.#start;
  }

  join(fork: number): void {
    const length = this.#position - this.#start - fork - 1;
    if (length < 0x80) {
      this.#bytes[this.#start + fork] = length;
      return;
    }
    const more = varintBytes(length) - 1;
    this.#ensure(more);
    const at = this.#start + fork;
    this.#bytes.copyWithin(at + 1 + more, at + 1, this.#position);
    const end = this.#position + more;
    this.#position = at;
    this.varint(length);
    this.#position = end;
  }

  byte(value: number): void {
    this.#ensure(1);
    this.#bytes[this.#position++] = value;
  }

  /** A uint32. */
  varint(value: number): void {
    this.#ensure(5);
    let rest = value >>> 0;
    for (; rest > 0x7f; rest >>>= 7) this.#bytes[this.#position++] = (rest & 0x7f) | 0x80;
    this.#bytes[this.#position++] = rest;
  }

  /** 64 bits in two halves. */
  varint64(low: number, high: number): void {
    this.#ensure(10);
    let lowRest = low >>> 0;
    let highRest = high >>> 0;
    while (highRest !== 0 || lowRest > 0x7f) {
      this.#bytes[this.#position++] = (lowRest & 0x7f) | 0x80;
      lowRest = ((lowRest >>> 7) | (highRest << 25)) >>> 0;
      highRest >>>= 7;
    }
    this.#bytes[this.#position++] = lowRest;
  }

  fixed32(value: number): void {
    this.#ensure(4);
    this.#position = this.#bytes.writeUInt32LE(value >>> 0, this.#position);
  }

  float(value: number): void {
    this.#ensure(4);
    this.#position = this.#bytes.writeFloatLE(value, this.#position);
  }

  double(value: number): void {
    this.#ensure(8);
    this.#position = this.#bytes.writeDoubleLE(value, this.#position);
  }

  /** Bytes with their length before them. */
  chunk(value: Uint8Array): void {
    const { length } = value;
    this.varint(length);
    this.#ensure(length);
    if (length > shortChunk) this.#bytes.set(value, this.#position);
    else for (let i = 0; i < length; i++) this.#bytes[this.#position + i] = value[i] ?? 0;
    this.#position += length;
  }

  /** Text with its length before it. */
  text(value: string): void {
    const { length } = value;
    if (length <= shortText && this.#ascii(value, length)) return;
    const size = Buffer.byteLength(value, "utf8");
    this.varint(size);
    this.#ensure(size);
    this.#position += this.#bytes.utf8Write(value, this.#position, size);
  }

  #ascii(value: string, length: number): boolean {
    this.#ensure(length + 1);
    const bytes = this.#bytes;
    let position = this.#position;
    bytes[position++] = length;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (code > 0x7f) return false;
      bytes[position++] = code;
    }
    this.#position = position;
    return true;
  }

  #ensure(size: number): void {
    if (this.#position + size <= this.#bytes.length) return;
    const length = this.#position - this.#start;
    // The first time exactly what is asked for, which mostly is one large field, and a little for what follows.
    const least = length + size + followingBytes;
    const grown = this.#memory(this.#bytes === this.#slab ? least : Math.max(least, length * 2));
    this.#bytes.copy(grown, 0, this.#start, this.#position);
    this.#bytes = grown;
    this.#start = 0;
    this.#position = length;
  }

  #memory(byteCount: number): Buffer {
    const spare = this.#spare;
    if (spare === undefined || spare.length < byteCount) return Buffer.allocUnsafeSlow(byteCount);
    this.#spare = undefined;
    return spare;
  }
}

function varintBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  return value < 0x10000000 ? 4 : 5;
}
