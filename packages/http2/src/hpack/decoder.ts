import { Buffer } from "node:buffer";
import { anyGeneration, BlockCache } from "./block-cache.ts";
import { DecodedBlock } from "./decoded-block.ts";
import { DynamicTable, entryOverheadBytes } from "./dynamic-table.ts";
import { HpackError } from "./hpack-error.ts";
import { maxDecodedLength, readHuffman } from "./huffman-decoder.ts";
import { type Cursor, readInteger } from "./integer.ts";
import { staticCount, staticTable } from "./static-table.ts";

/**
 * Decodes header blocks of one connection (RFC 7541), in the order in which they were sent.
 *
 * A block whose bytes were seen before, and whose meaning cannot have changed since, gives the same
 * object without being decoded again.
 */
export class HpackDecoder {
  readonly #table: DynamicTable;
  readonly #cache = new BlockCache();
  readonly #cursor: Cursor = { bytes: new Uint8Array(0), position: 0, end: 0 };
  readonly #maxListBytes: number;
  #scratch: Buffer = Buffer.allocUnsafeSlow(256);
  // The size that our SETTINGS_HEADER_TABLE_SIZE allows the peer's encoder.
  #tableLimit: number;
  // True from a lowered limit until the encoder has signalled that it follows (RFC 7541 §4.2).
  #awaitsResize = false;
  #list: string[] = [];
  #listBytes = 0;
  #usedDynamic = false;

  /**
   * @param tableBytes the announced SETTINGS_HEADER_TABLE_SIZE; one below the initial 4096 binds the peer
   * only once it has acknowledged it, see `setTableLimit`
   * @param maxListBytes longest list that is kept, counted as RFC 9113 §6.5.2 does (32 bytes a field)
   */
  constructor(tableBytes: number, maxListBytes: number) {
    this.#table = new DynamicTable(initialTableBytes);
    this.#tableLimit = Math.max(initialTableBytes, tableBytes);
    this.#maxListBytes = maxListBytes;
  }

  /** To be called when the peer has acknowledged another SETTINGS_HEADER_TABLE_SIZE. */
  setTableLimit(bytes: number): void {
    this.#awaitsResize = bytes < this.#table.maxBytes;
    this.#tableLimit = bytes;
  }

  /** Decodes a complete block. Throws HpackError, after which the decoder must not be used again. */
  decode(bytes: Uint8Array, start: number, end: number): DecodedBlock {
    const generation = this.#table.generation;
    const known = this.#cache.find(bytes, start, end, generation);
    if (known !== undefined && !this.#awaitsResize) return known;
    this.#list = [];
    this.#listBytes = 0;
    this.#usedDynamic = false;
    this.#decodeFields(bytes, start, end);
    const overLimit = this.#listBytes > this.#maxListBytes;
    const block = new DecodedBlock(Object.freeze(this.#list), overLimit);
    if (this.#table.generation === generation) {
      this.#cache.add(bytes, start, end, this.#usedDynamic ? generation : anyGeneration, block);
    }
    return block;
  }

  #decodeFields(bytes: Uint8Array, start: number, end: number): void {
    const cursor = this.#cursor;
    cursor.bytes = bytes;
    cursor.position = start;
    cursor.end = end;
    this.#readResizes();
    while (cursor.position < end) {
      const first = bytes[cursor.position] as number;
      if (first >= 0x80) this.#readIndexed();
      else if (first >= 0x40) this.#readLiteral(6, true);
      else if (first >= 0x20) throw new HpackError("table size update after the beginning of a header block");
      else this.#readLiteral(4, false);
    }
    cursor.bytes = emptyBytes;
  }

  // Size updates stand only at the beginning of a block (RFC 7541 §4.2).
  #readResizes(): void {
    const cursor = this.#cursor;
    while (cursor.position < cursor.end && ((cursor.bytes[cursor.position] as number) & 0xe0) === 0x20) {
      const size = readInteger(cursor, 5);
      if (size > this.#tableLimit) {
        throw new HpackError(`table size update to ${size} bytes, allowed are ${this.#tableLimit}`);
      }
      this.#table.resize(size);
      this.#awaitsResize = false;
    }
    if (this.#awaitsResize) throw new HpackError("no table size update after a smaller table was agreed");
  }

  #readIndexed(): void {
    const index = readInteger(this.#cursor, 7);
    this.#emit(this.#nameAt(index), this.#valueAt(index));
  }

  #readLiteral(prefixBits: number, insert: boolean): void {
    const index = readInteger(this.#cursor, prefixBits);
    const name = index === 0 ? this.#readString() : this.#nameAt(index);
    const value = this.#readString();
    this.#emit(name, value);
    if (insert) this.#table.insert(name, value);
  }

  #emit(name: string, value: string): void {
    this.#listBytes += name.length + value.length + entryOverheadBytes;
    if (this.#listBytes <= this.#maxListBytes) this.#list.push(name, value);
  }

  #nameAt(index: number): string {
    if (index > staticCount) return this.#table.name(this.#dynamicIndex(index));
    if (index === 0) throw new HpackError("index 0 refers to no header field");
    return staticTable[2 * index - 2] as string;
  }

  #valueAt(index: number): string {
    if (index > staticCount) return this.#table.value(this.#dynamicIndex(index));
    return staticTable[2 * index - 1] as string;
  }

  #dynamicIndex(index: number): number {
    const dynamicIndex = index - staticCount - 1;
    if (dynamicIndex >= this.#table.count) {
      throw new HpackError(`index ${index} is beyond the ${this.#table.count} entries of the dynamic table`);
    }
    this.#usedDynamic = true;
    return dynamicIndex;
  }

  #readString(): string {
    const cursor = this.#cursor;
    const huffman = cursor.position < cursor.end && (cursor.bytes[cursor.position] as number) >= 0x80;
    const length = readInteger(cursor, 7);
    const start = cursor.position;
    const end = start + length;
    if (end > cursor.end) throw new HpackError(`string of ${length} bytes reaches beyond its header block`);
    cursor.position = end;
    if (!huffman) return latin1(cursor.bytes, start, end);
    if (this.#scratch.length < maxDecodedLength(length)) {
      this.#scratch = Buffer.allocUnsafeSlow(maxDecodedLength(length));
    }
    return latin1(this.#scratch, 0, readHuffman(cursor.bytes, start, end, this.#scratch));
  }
}

// The size of both tables before any SETTINGS (RFC 9113 §6.5.2).
const initialTableBytes = 4096;
const emptyBytes = new Uint8Array(0);

// Works on any Uint8Array: chunks need not be Buffers.
function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.prototype.latin1Slice.call(bytes, start, end);
}
