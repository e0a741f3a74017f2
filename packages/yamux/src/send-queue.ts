/** Chunks written to a stream that its window, or the connection, does not take yet. Copies nothing. */
export class SendQueue {
  readonly #chunks: Uint8Array[] = [];
  #head = 0;
  #offset = 0;
  #length = 0;

  /** Bytes queued. */
  get length(): number {
    return this.#length;
  }

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** Removes and returns up to `maxBytes` from the front, as one view; may be fewer. Not to be called when empty. */
  take(maxBytes: number): Uint8Array {
    const chunk = this.#chunks[this.#head] ?? new Uint8Array(0);
    const length = Math.min(maxBytes, chunk.length - this.#offset);
    const piece = chunk.subarray(this.#offset, this.#offset + length);
    this.#offset += length;
    this.#length -= length;
    if (this.#offset === chunk.length) this.#dropFirst();
    return piece;
  }

  clear(): void {
    this.#chunks.length = 0;
    this.#head = 0;
    this.#offset = 0;
    this.#length = 0;
  }

  #dropFirst(): void {
    this.#head++;
    this.#offset = 0;
    // Compacted now and then: a shift per chunk would move the whole list each time.
    if (this.#head * 2 < this.#chunks.length) return;
    this.#chunks.splice(0, this.#head);
    this.#head = 0;
  }
}
