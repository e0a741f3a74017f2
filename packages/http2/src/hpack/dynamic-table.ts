/** What an entry costs beyond its octets (RFC 7541 §4.1). */
export const entryOverheadBytes = 32;

/**
 * The dynamic table (RFC 7541 §2.3.2) as a ring: entry 0 is the newest. Each entry keeps the sequence
 * number of its insertion, from which an encoder computes its ever-changing index.
 */
export class DynamicTable {
  #names: string[] = new Array<string>(16).fill("");
  #values: string[] = new Array<string>(16).fill("");
  // Insertions ever made; the newest entry has sequence number #inserted - 1.
  #inserted = 0;
  #count = 0;
  #bytes = 0;
  #maxBytes: number;
  #generation = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get maxBytes(): number {
    return this.#maxBytes;
  }

  /** Changes whenever an index may have come to mean something else. */
  get generation(): number {
    return this.#generation;
  }

  /** Sequence number that the next insertion gets. */
  get nextSequence(): number {
    return this.#inserted;
  }

  name(index: number): string {
    return this.#names[(this.#inserted - 1 - index) & (this.#names.length - 1)] as string;
  }

  value(index: number): string {
    return this.#values[(this.#inserted - 1 - index) & (this.#values.length - 1)] as string;
  }

  /** True while the entry inserted with that sequence number has not been evicted. */
  holds(sequence: number): boolean {
    return sequence >= this.#inserted - this.#count;
  }

  /** True if an entry of that size would evict another. */
  wouldEvict(entryBytes: number): boolean {
    return this.#bytes + entryBytes > this.#maxBytes;
  }

  /** Inserts, evicting from the oldest on; an entry larger than the table empties it (§4.4). */
  insert(name: string, value: string): void {
    const entryBytes = name.length + value.length + entryOverheadBytes;
    this.#generation++;
    this.#evictTo(this.#maxBytes - entryBytes);
    if (entryBytes > this.#maxBytes) return;
    if (this.#count === this.#names.length) this.#grow();
    const slot = this.#inserted++ & (this.#names.length - 1);
    this.#names[slot] = name;
    this.#values[slot] = value;
    this.#count++;
    this.#bytes += entryBytes;
  }

  resize(maxBytes: number): void {
    this.#maxBytes = maxBytes;
    this.#generation++;
    this.#evictTo(maxBytes);
  }

  #evictTo(bytes: number): void {
    while (this.#count > 0 && this.#bytes > bytes) {
      const oldest = (this.#inserted - this.#count) & (this.#names.length - 1);
      const name = this.#names[oldest] as string;
      const value = this.#values[oldest] as string;
      this.#bytes -= name.length + value.length + entryOverheadBytes;
      this.#names[oldest] = "";
      this.#values[oldest] = "";
      this.#count--;
    }
  }

  #grow(): void {
    const oldMask = this.#names.length - 1;
    const size = this.#names.length * 2;
    const names = new Array<string>(size).fill("");
    const values = new Array<string>(size).fill("");
    for (let sequence = this.#inserted - this.#count; sequence < this.#inserted; sequence++) {
      names[sequence & (size - 1)] = this.#names[sequence & oldMask] as string;
      values[sequence & (size - 1)] = this.#values[sequence & oldMask] as string;
    }
    this.#names = names;
    this.#values = values;
  }
}
