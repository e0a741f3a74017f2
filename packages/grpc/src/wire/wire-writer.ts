import { Buffer } from "node:buffer";
import { WireType } from "./wire-type.ts";

const firstBytes = 256;

/**
 * Writes a protobuf message field by field. Scalars that have proto3's default are left out; use `message`
 * for what has presence.
 */
export class WireWriter {
  #buffer: Buffer = Buffer.allocUnsafeSlow(firstBytes);
  #length = 0;

  /** A uint32, or an enum, which never is negative here. */
  uint32(field: number, value: number): this {
    if (value === 0) return this;
    this.#tag(field, WireType.varint);
    this.#varint(value);
    return this;
  }

  /** An int32: a negative one takes ten bytes, as protobuf has it. */
  int32(field: number, value: number): this {
    if (value >= 0) return this.uint32(field, value);
    this.#tag(field, WireType.varint);
    this.#reserve(10);
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 0x7fn; rest >>= 7n) this.#buffer[this.#length++] = Number(rest & 0x7fn) | 0x80;
    this.#buffer[this.#length++] = Number(rest);
    return this;
  }

  bool(field: number, value: boolean): this {
    return this.uint32(field, value ? 1 : 0);
  }

  string(field: number, value: string): this {
    return value === "" ? this : this.#text(field, value);
  }

  bytes(field: number, value: Uint8Array): this {
    return value.length === 0 ? this : this.#chunk(field, value);
  }

  /** An element of a repeated string: written even if empty. */
  repeatedString(field: number, values: Iterable<string>): this {
    for (const value of values) this.#text(field, value);
    return this;
  }

  /** An element of repeated bytes: written even if empty. */
  repeatedBytes(field: number, values: Iterable<Uint8Array>): this {
    for (const value of values) this.#chunk(field, value);
    return this;
  }

  /** A message within this one, written by `write`; present even if empty. */
  message(field: number, write: (inner: WireWriter) => void): this {
    const inner = new WireWriter();
    write(inner);
    return this.#chunk(field, inner.#buffer.subarray(0, inner.#length));
  }

  /** The message. The writer is not used again. */
  finish(): Uint8Array {
    return new Uint8Array(this.#buffer.buffer, this.#buffer.byteOffset, this.#length);
  }

  #text(field: number, value: string): this {
    const size = Buffer.byteLength(value, "utf8");
    this.#tag(field, WireType.bytes);
    this.#varint(size);
    this.#reserve(size);
    this.#length += this.#buffer.utf8Write(value, this.#length, size);
    return this;
  }

  #chunk(field: number, value: Uint8Array): this {
    this.#tag(field, WireType.bytes);
    this.#varint(value.length);
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  #tag(field: number, type: number): void {
    this.#varint(field * 8 + type);
  }

  #varint(value: number): void {
    this.#reserve(5);
    let rest = value >>> 0;
    for (; rest > 0x7f; rest >>>= 7) this.#buffer[this.#length++] = (rest & 0x7f) | 0x80;
    this.#buffer[this.#length++] = rest;
  }

  #reserve(size: number): void {
    const needed = this.#length + size;
    if (needed <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}
