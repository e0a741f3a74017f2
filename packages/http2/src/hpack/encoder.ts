import { Buffer } from "node:buffer";
import { type HeaderList, type PreparedHeaders, PreparedList } from "../header-list.ts";
import { EncoderTable } from "./encoder-table.ts";
import { type Indexing, indexingOf } from "./field-policy.ts";
import { huffmanLength, writeHuffman } from "./huffman-encoder.ts";
import { writeInteger } from "./integer.ts";
import { RecentFields } from "./recent-fields.ts";

interface EncodedForm {
  readonly bytes: Uint8Array;
  readonly generation: number;
}

// An insertion that evicts costs every prepared list its encoded form, so when more is repeated than
// the table holds, only one field in this many blocks may push others out.
const blocksPerEviction = 64;

// Integers and the pattern octets: more than any field needs besides its octets.
const fieldOverheadBytes = 16;
const noNames: ReadonlySet<string> = new Set();

/** Encodes header blocks of one connection (RFC 7541), to be sent in the order in which they were made. */
export class HpackEncoder {
  readonly #table: EncoderTable;
  readonly #maxTableBytes: number;
  readonly #recent = new RecentFields();
  readonly #forms = new WeakMap<PreparedList, EncodedForm>();
  #out: Buffer = Buffer.allocUnsafeSlow(1024);
  #length = 0;
  #blocksSinceEviction = blocksPerEviction;
  // The smallest table size agreed since the last block, until it is signalled (RFC 7541 §4.2).
  #smallestPending: number | undefined;

  /** @param maxTableBytes most that our table may take, whatever the peer allows */
  constructor(maxTableBytes: number) {
    this.#maxTableBytes = maxTableBytes;
    this.#table = new EncoderTable(Math.min(maxTableBytes, 4096));
    // Without a signal the peer assumes the initial 4096 (RFC 9113 §6.5.2).
    if (maxTableBytes < 4096) this.#smallestPending = maxTableBytes;
  }

  /** Follows the peer's SETTINGS_HEADER_TABLE_SIZE; the next block signals the change. */
  setPeerLimit(bytes: number): void {
    const size = Math.min(bytes, this.#maxTableBytes);
    if (size === this.#table.maxBytes && this.#smallestPending === undefined) return;
    this.#smallestPending = Math.min(size, this.#smallestPending ?? size);
    this.#table.resize(size);
  }

  /** The encoded block: a view that is valid until the next call. The list is not checked here. */
  encode(headers: HeaderList | PreparedHeaders): Uint8Array {
    this.#blocksSinceEviction++;
    if (headers instanceof PreparedList && this.#smallestPending === undefined) {
      const form = this.#forms.get(headers);
      if (form !== undefined && form.generation === this.#table.generation) return form.bytes;
    }
    this.#length = 0;
    this.#signalResize();
    if (headers instanceof PreparedList) this.#writePrepared(headers);
    else this.#writeList("list" in headers ? headers.list : headers);
    return this.#out.subarray(0, this.#length);
  }

  #signalResize(): void {
    const smallest = this.#smallestPending;
    if (smallest === undefined) return;
    this.#smallestPending = undefined;
    this.#ensure(2 * fieldOverheadBytes);
    if (smallest < this.#table.maxBytes)
      this.#length = writeInteger(this.#out, this.#length, 5, 0x20, smallest);
    this.#length = writeInteger(this.#out, this.#length, 5, 0x20, this.#table.maxBytes);
  }

  #writePrepared(prepared: PreparedList): void {
    if (prepared.base !== undefined) {
      this.#writePrepared(prepared.base);
      this.#writeList(prepared.own, prepared.sensitive);
      return;
    }
    const form = this.#forms.get(prepared);
    if (form !== undefined && form.generation === this.#table.generation) {
      this.#ensure(form.bytes.length);
      this.#out.set(form.bytes, this.#length);
      this.#length += form.bytes.length;
      return;
    }
    const generation = this.#table.generation;
    const start = this.#length;
    for (let i = 0; i < prepared.own.length; i += 2) {
      const name = prepared.own[i] as string;
      const value = prepared.own[i + 1] as string;
      this.#writeField(name, value, indexingOf(name, value, prepared.sensitive));
    }
    if (generation === this.#table.generation) {
      const bytes = new Uint8Array(this.#out.subarray(start, this.#length));
      this.#forms.set(prepared, { bytes, generation });
    }
  }

  #writeList(list: HeaderList, sensitive: ReadonlySet<string> = noNames): void {
    for (let i = 0; i < list.length; i += 2) {
      const name = list[i] as string;
      const value = list[i + 1] as string;
      let indexing = indexingOf(name, value, sensitive);
      // A field that may never come again must not displace those that do: it is indexed when it repeats.
      if (indexing === "index" && !this.#recent.sawBefore(name, value)) indexing = "literal";
      this.#writeField(name, value, indexing);
    }
  }

  #writeField(name: string, value: string, wanted: Indexing): void {
    this.#ensure(name.length + value.length + fieldOverheadBytes);
    const index = wanted === "never" ? 0 : this.#table.fieldIndex(name, value);
    if (index !== 0) {
      this.#length = writeInteger(this.#out, this.#length, 7, 0x80, index);
      return;
    }
    const indexing = wanted === "index" && !this.#mayInsert(name, value) ? "literal" : wanted;
    const nameIndex = this.#table.nameIndex(name);
    if (indexing === "index") this.#length = writeInteger(this.#out, this.#length, 6, 0x40, nameIndex);
    else {
      const pattern = indexing === "never" ? 0x10 : 0;
      this.#length = writeInteger(this.#out, this.#length, 4, pattern, nameIndex);
    }
    if (nameIndex === 0) this.#writeString(name);
    this.#writeString(value);
    if (indexing === "index") this.#table.insert(name, value);
  }

  #mayInsert(name: string, value: string): boolean {
    // The peer would empty its table for it (RFC 7541 §4.4), and every index used since would be wrong.
    if (!this.#table.fits(name, value)) return false;
    if (!this.#table.wouldEvict(name, value)) return true;
    if (this.#blocksSinceEviction < blocksPerEviction) return false;
    this.#blocksSinceEviction = 0;
    return true;
  }

  #writeString(text: string): void {
    const huffmanBytes = huffmanLength(text);
    if (huffmanBytes < text.length) {
      this.#length = writeInteger(this.#out, this.#length, 7, 0x80, huffmanBytes);
      this.#length = writeHuffman(this.#out, this.#length, text);
      return;
    }
    this.#length = writeInteger(this.#out, this.#length, 7, 0, text.length);
    this.#length += this.#out.latin1Write(text, this.#length, text.length);
  }

  #ensure(bytes: number): void {
    if (this.#length + bytes <= this.#out.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#out.length * 2, this.#length + bytes));
    grown.set(this.#out.subarray(0, this.#length));
    this.#out = grown;
  }
}
