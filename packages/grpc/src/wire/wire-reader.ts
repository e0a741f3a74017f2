import { Buffer } from "node:buffer";
import { WireError } from "./wire-error.ts";
import { WireType } from "./wire-type.ts";

// How deep groups may nest before a reader refuses to follow.
const deepestGroup = 100;

/**
 * Reads a protobuf message field by field:
 *
 * @example
 * const reader = new WireReader(bytes);
 * for (let field = reader.next(); field !== 0; field = reader.next()) {
 *   if (field === 1) name = reader.string();
 *   else reader.skip();
 * }
 *
 * Every method throws WireError for bytes that do not fit.
 */
export class WireReader {
  readonly #bytes: Buffer;
  #offset = 0;
  #type = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** The next field's number, 0 at the end. Then read its value or `skip` it. */
  next(): number {
    if (this.#offset === this.#bytes.length) return 0;
    const tag = this.#varint();
    this.#type = tag & 7;
    const field = tag >>> 3;
    if (field === 0) throw this.#error("field number 0");
    return field;
  }

  /** True if the field's value is a varint. */
  get isVarint(): boolean {
    return this.#type === WireType.varint;
  }

  /** True if the field's value is text, bytes, a message or packed. */
  get isChunk(): boolean {
    return this.#type === WireType.bytes;
  }

  uint32(): number {
    this.#expect(WireType.varint);
    return this.#varint();
  }

  int32(): number {
    return this.uint32() | 0;
  }

  /** Elements of a repeated int32: one, or many packed together. */
  int32s(): number[] {
    if (this.#type !== WireType.bytes) return [this.int32()];
    const start = this.#chunk();
    const end = this.#offset;
    const values: number[] = [];
    for (this.#offset = start; this.#offset < end; ) values.push(this.#varint() | 0);
    if (this.#offset !== end) throw this.#error("a packed element reaches beyond its field");
    return values;
  }

  bool(): boolean {
    this.#expect(WireType.varint);
    const start = this.#offset;
    this.#skipVarint();
    // 64 bits of them count, not only the low 32.
    for (let i = start; i < this.#offset; i++) if (((this.#bytes[i] ?? 0) & 0x7f) !== 0) return true;
    return false;
  }

  string(): string {
    const start = this.#chunk();
    return this.#bytes.utf8Slice(start, this.#offset);
  }

  /** A copy of the field's bytes. */
  bytes(): Uint8Array {
    return new Uint8Array(this.view());
  }

  /** The field's bytes within those given to the constructor. */
  view(): Uint8Array {
    const start = this.#chunk();
    return this.#bytes.subarray(start, this.#offset);
  }

  /** A reader of the message within the field. */
  message(): WireReader {
    return new WireReader(this.view());
  }

  /** Passes over the field's value, whatever it is. */
  skip(): void {
    this.#skip(this.#type, 0);
  }

  #skip(type: number, depth: number): void {
    switch (type) {
      case WireType.varint:
        this.#skipVarint();
        return;
      case WireType.i64:
        this.#advance(8);
        return;
      case WireType.bytes:
        this.#advance(this.#varint());
        return;
      case WireType.startGroup:
        this.#skipGroup(depth + 1);
        return;
      case WireType.i32:
        this.#advance(4);
        return;
      default:
        throw this.#error(`wire type ${type}`);
    }
  }

  #skipGroup(depth: number): void {
    if (depth > deepestGroup) throw this.#error(`groups nest deeper than ${deepestGroup}`);
    for (;;) {
      const type = this.#varint() & 7;
      if (type === WireType.endGroup) return;
      this.#skip(type, depth);
    }
  }

  #expect(type: number): void {
    if (this.#type !== type) throw this.#error(`wire type ${this.#type} where ${type} was expected`);
  }

  // Moves past a length-delimited value; returns where it starts.
  #chunk(): number {
    this.#expect(WireType.bytes);
    const size = this.#varint();
    const start = this.#offset;
    this.#advance(size);
    return start;
  }

  #advance(size: number): void {
    if (size > this.#bytes.length - this.#offset)
      throw this.#error(`${size} bytes are declared, fewer are left`);
    this.#offset += size;
  }

  // The low 32 bits; protobuf lets 64 be sent for them.
  #varint(): number {
    const start = this.#offset;
    this.#skipVarint();
    let value = 0;
    for (let i = start, shift = 0; i < this.#offset && shift < 32; i++, shift += 7) {
      value |= ((this.#bytes[i] ?? 0) & 0x7f) << shift;
    }
    return value >>> 0;
  }

  #skipVarint(): void {
    for (let i = 0; i < 10; i++) {
      const byte = this.#bytes[this.#offset];
      if (byte === undefined) throw this.#error("a varint that does not end");
      this.#offset++;
      if (byte < 0x80) return;
    }
    throw this.#error("a varint longer than 10 bytes");
  }

  #error(problem: string): WireError {
    return new WireError(problem, this.#offset);
  }
}
