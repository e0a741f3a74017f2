import { Buffer } from "node:buffer";
import { bail } from "./bail.ts";

const shortText = 16;
const shortChunk = 64;

// Buffer's methods work on any bytes, and a Buffer need not be made for them.
const { utf8Slice, readUInt32LE, readFloatLE, readDoubleLE } = Buffer.prototype;
const nothing = new Uint8Array(0);

/** Bytes being decoded. Everything bails that does not fit. */
export class Input {
  #bytes: Uint8Array = nothing;
  #length = 0;
  #owned = false;
  position = 0;
  /** How many messages the present one lies within. */
  depth = 0;

  /** Begins with the bytes from `start` to `end`; where they are `owned`, long fields are views of them. */
  open(bytes: Uint8Array, start: number, end: number, owned: boolean): this {
    this.#bytes = bytes;
    this.#owned = owned;
    this.#length = end;
    this.position = start;
    this.depth = 0;
    return this;
  }

  /** Lets go of the bytes. */
  close(): void {
    this.#bytes = nothing;
  }

  /** A varint of at most 32 bits. */
  varint(): number {
    const first = this.#bytes[this.position];
    if (first !== undefined && first < 0x80) {
      this.position++;
      return first;
    }
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes[this.position++];
      if (byte === undefined) bail();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return shift === 28 && byte > 0x0f ? bail() : value >>> 0;
    }
    return bail();
  }

  /** An int32: negative ones are sent with 64 bits. */
  int32(): number {
    const start = this.position;
    const byte = this.#bytes[start];
    if (byte !== undefined && byte < 0x80) {
      this.position++;
      return byte;
    }
    return Number(BigInt.asIntN(32, this.varint64()));
  }

  /** A varint of at most 64 bits, as an unsigned number. */
  varint64(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.position++];
      if (byte === undefined) bail();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value > 0xffff_ffff_ffff_ffffn ? bail() : value;
    }
    return bail();
  }

  bool(): boolean {
    const byte = this.#bytes[this.position++];
    return byte === 1 || (byte === 0 ? false : bail());
  }

  fixed32(): number {
    return readUInt32LE.call(this.#bytes, this.#advance(4));
  }

  fixed64(): bigint {
    const low = this.fixed32();
    return (BigInt(this.fixed32()) << 32n) | BigInt(low);
  }

  float(): number {
    return readFloatLE.call(this.#bytes, this.#advance(4));
  }

  double(): number {
    return readDoubleLE.call(this.#bytes, this.#advance(8));
  }

  /** Where the length-delimited value that begins here ends. */
  end(): number {
    const size = this.varint();
    const end = this.position + size;
    return end > this.#length ? bail() : end;
  }

  /** A bytes field: a copy, since what was received is mostly valid only for now. */
  chunk(): Uint8Array {
    const end = this.end();
    const start = this.position;
    this.position = end;
    const bytes = this.#bytes;
    const length = end - start;
    if (length <= shortChunk) {
      const copy = new Uint8Array(length);
      for (let i = 0; i < length; i++) copy[i] = bytes[start + i] ?? 0;
      return copy;
    }
    const view = new Uint8Array(bytes.buffer, bytes.byteOffset + start, length);
    // A short view would keep all the rest of a long message.
    return this.#owned && length > bytes.length / 4 ? view : view.slice();
  }

  text(): string {
    const end = this.end();
    const start = this.position;
    this.position = end;
    if (end - start <= shortText) {
      const text = this.#ascii(start, end);
      if (text !== undefined) return text;
    }
    const text = utf8Slice.call(this.#bytes, start, end);
    // Perhaps bytes that are not UTF-8, perhaps this very character.
    return text.includes("\ufffd") ? bail() : text;
  }

  #ascii(start: number, end: number): string | undefined {
    let text = "";
    for (let i = start; i < end; i++) {
      const byte = this.#bytes[i] ?? 0;
      if (byte > 0x7f) return undefined;
      text += String.fromCharCode(byte);
    }
    return text;
  }

  #advance(size: number): number {
    const start = this.position;
    this.position += size;
    return this.position > this.#length ? bail() : start;
  }
}
