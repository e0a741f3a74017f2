import { Buffer } from "node:buffer";

const slabBytes = 16 * 1024;
const scratch = new DataView(new ArrayBuffer(8));

/**
 * A growable buffer that gob's primitives are encoded into.
 *
 * Positions outside this class are relative to what has been taken (`mark`), because growing moves the
 * bytes. What `take` returned is never touched again.
 */
export class Writer {
  bytes: Buffer = Buffer.allocUnsafeSlow(0);
  pos = 0;
  #start = 0;

  /** Bytes written since the last `take`. */
  get mark(): number {
    return this.pos - this.#start;
  }

  /** Drops everything written after `mark`. */
  rewind(mark: number): void {
    this.pos = this.#start + mark;
  }

  /** Everything written since the last call. The caller owns it. */
  take(): Uint8Array {
    const taken = this.bytes.subarray(this.#start, this.pos);
    this.#start = this.pos;
    return taken;
  }

  /** Makes room for `size` bytes at `pos`. */
  ensure(size: number): void {
    if (this.pos + size > this.bytes.length) this.#grow(size);
  }

  #grow(size: number): void {
    const used = this.pos - this.#start;
    const next = Buffer.allocUnsafeSlow(Math.max(slabBytes, (used + size) * (used === 0 ? 1 : 2)));
    this.bytes.copy(next, 0, this.#start, this.pos);
    this.bytes = next;
    this.#start = 0;
    this.pos = used;
  }

  byte(value: number): void {
    this.ensure(1);
    this.bytes[this.pos++] = value;
  }

  /** An unsigned integer up to 2^53 - 1 (or a float holding a larger exact one, up to 2^64). */
  uint(value: number): void {
    this.ensure(9);
    if (value < 128) this.bytes[this.pos++] = value;
    else if (value < 0x100000000) this.#uint32(value);
    else this.#uint64(Math.floor(value / 0x100000000), value >>> 0);
  }

  /** A signed integer from -(2^53 - 1) to 2^53 - 1. */
  int(value: number): void {
    if (value >= -0x40000000 && value < 0x40000000) {
      this.uint(value < 0 ? (~value << 1) | 1 : value << 1);
      return;
    }
    // Beyond 31 bits the doubled value may need 54: split into halves instead of rounding.
    const magnitude = value < 0 ? -1 - value : value;
    const high = Math.floor(magnitude / 0x80000000);
    const low = ((magnitude % 0x80000000) * 2 + (value < 0 ? 1 : 0)) >>> 0;
    this.ensure(9);
    if (high === 0) this.#uint32(low);
    else this.#uint64(high, low);
  }

  /** An unsigned integer from 0 to 2^64 - 1. */
  bigUint(value: bigint): void {
    this.ensure(9);
    const high = Number(value >> 32n);
    const low = Number(value & 0xffffffffn);
    if (high > 0) this.#uint64(high, low);
    else this.uint(low);
  }

  /** A signed integer from -2^63 to 2^63 - 1. */
  bigInt(value: bigint): void {
    this.bigUint(value < 0n ? (~value << 1n) | 1n : value << 1n);
  }

  /** A float: an integer of its bytes from the least significant on, as low ones are often zero. */
  float(value: number): void {
    scratch.setFloat64(0, value, true);
    const high = scratch.getUint32(0);
    const low = scratch.getUint32(4);
    this.ensure(9);
    if (high > 0) this.#uint64(high, low);
    else this.uint(low);
  }

  /** A count and the string's UTF-8. */
  string(text: string): void {
    const length = text.length;
    if (length < 64 && this.#shortAscii(text)) return;
    // At most three bytes per UTF-16 unit.
    this.ensure(length * 3 + 9);
    const prefix = uintLength(length);
    const written = this.bytes.utf8Write(text, this.pos + prefix);
    const actual = uintLength(written);
    if (actual !== prefix) {
      this.bytes.copyWithin(this.pos + actual, this.pos + prefix, this.pos + prefix + written);
    }
    this.uint(written);
    this.pos += written;
  }

  // Short ASCII is most of what RPC sends, and a call into the runtime costs more than the loop.
  #shortAscii(text: string): boolean {
    const length = text.length;
    this.ensure(length + 1);
    const bytes = this.bytes;
    let at = this.pos;
    bytes[at++] = length;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit >= 128) return false;
      bytes[at++] = unit;
    }
    this.pos = at;
    return true;
  }

  /** A count and the bytes. */
  counted(chunk: Uint8Array): void {
    this.uint(chunk.length);
    this.raw(chunk);
  }

  raw(chunk: Uint8Array): void {
    this.ensure(chunk.length);
    this.bytes.set(chunk, this.pos);
    this.pos += chunk.length;
  }

  /** Puts `chunk` before what was written after `mark`. */
  insert(mark: number, chunk: Uint8Array): void {
    this.ensure(chunk.length);
    const at = this.#start + mark;
    this.bytes.copyWithin(at + chunk.length, at, this.pos);
    this.bytes.set(chunk, at);
    this.pos += chunk.length;
  }

  /**
   * Reserves room for a length of `prefixBytes` bytes in front of what follows, to be filled by
   * `endLength`; returns its mark.
   */
  beginLength(prefixBytes: number): number {
    const mark = this.mark;
    this.ensure(prefixBytes);
    this.pos += prefixBytes;
    return mark;
  }

  /**
   * Fills in the length of what was written since `beginLength`. Returns the bytes the length took: the
   * best guess for the next message of that kind, which then need not be moved.
   */
  endLength(mark: number, prefixBytes: number): number {
    const length = this.mark - mark - prefixBytes;
    const actual = uintLength(length);
    if (actual !== prefixBytes) {
      this.ensure(actual);
      const from = this.#start + mark + prefixBytes;
      this.bytes.copyWithin(this.#start + mark + actual, from, this.pos);
    }
    this.pos = this.#start + mark;
    this.uint(length);
    this.pos += length;
    return actual;
  }

  // With a count byte also below 128; `uint` deals with single bytes.
  #uint32(value: number): void {
    const bytes = this.bytes;
    let at = this.pos;
    if (value < 0x100) bytes[at++] = 0xff;
    else {
      if (value < 0x10000) bytes[at++] = 0xfe;
      else {
        if (value < 0x1000000) bytes[at++] = 0xfd;
        else {
          bytes[at++] = 0xfc;
          bytes[at++] = value >>> 24;
        }
        bytes[at++] = value >>> 16;
      }
      bytes[at++] = value >>> 8;
    }
    bytes[at++] = value;
    this.pos = at;
  }

  // `high` is not zero.
  #uint64(high: number, low: number): void {
    const lead = this.pos;
    this.#uint32(high);
    const bytes = this.bytes;
    bytes[lead] = (bytes[lead] as number) - 4;
    let at = this.pos;
    bytes[at++] = low >>> 24;
    bytes[at++] = low >>> 16;
    bytes[at++] = low >>> 8;
    bytes[at++] = low;
    this.pos = at;
  }
}

/** Bytes that an unsigned integer up to 2^32 - 1 takes. */
function uintLength(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x100) return 2;
  if (value < 0x10000) return 3;
  if (value < 0x1000000) return 4;
  return 5;
}
