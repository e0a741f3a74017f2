/**
 * Bytes that a decoder has received but not yet used.
 *
 * While everything received is used at once, nothing is copied: `push` hands back the chunk itself.
 * Only the unfinished rest of a chunk is kept, in a buffer that grows to what the decoder asked for.
 */
export class ByteQueue {
  #kept: Uint8Array = new Uint8Array(0);
  #length = 0;

  /** Bytes kept from earlier chunks. */
  get length(): number {
    return this.#length;
  }

  /**
   * The bytes to decode now: what was kept, followed by `chunk`. The view is valid until the next call
   * of `push` or `keep`.
   */
  push(chunk: Uint8Array): Uint8Array {
    if (this.#length === 0) return chunk;
    this.#append(chunk);
    return this.#kept.subarray(0, this.#length);
  }

  /**
   * Keeps the end of `bytes` (what `push` returned) from `offset` on. `expectedBytes` is a hint of how
   * long the kept unit will become, so that the buffer grows once.
   */
  keep(bytes: Uint8Array, offset: number, expectedBytes: number = 0): void {
    const rest = bytes.length - offset;
    if (bytes.buffer === this.#kept.buffer && this.#length > 0) {
      // A long unit arrives in many chunks, and must not be moved onto itself with each of them.
      if (offset > 0) this.#kept.copyWithin(0, offset, this.#length);
      this.#length = rest;
      if (rest === 0) this.#release();
      else if (expectedBytes > this.#kept.length) this.#grow(expectedBytes);
      return;
    }
    this.#length = 0;
    if (rest === 0) return;
    if (Math.max(rest, expectedBytes) > this.#kept.length) this.#grow(Math.max(rest, expectedBytes));
    this.#kept.set(bytes.subarray(offset), 0);
    this.#length = rest;
  }

  #append(chunk: Uint8Array): void {
    const needed = this.#length + chunk.length;
    if (needed > this.#kept.length) this.#grow(Math.max(needed, this.#kept.length * 2));
    this.#kept.set(chunk, this.#length);
    this.#length = needed;
  }

  #grow(size: number): void {
    const grown = new Uint8Array(size);
    grown.set(this.#kept.subarray(0, this.#length));
    this.#kept = grown;
  }

  #release(): void {
    // A buffer that one large unit needed is not held for the rest of the connection.
    if (this.#kept.length > retainedBytes) this.#kept = new Uint8Array(0);
  }
}

const retainedBytes = 64 * 1024;
