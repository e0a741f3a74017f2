/**
 * Bytes received for a reader that is not reading. Small pieces are put together, so what is held stays
 * in proportion to its bytes however tiny the peer's frames are.
 */
export class ReceiveBuffer {
  readonly #blocks: Block[] = [];
  #length = 0;

  /** Bytes held. */
  get length(): number {
    return this.#length;
  }

  /** Copies `piece` to the end. */
  append(piece: Uint8Array): void {
    this.#length += piece.length;
    let rest = piece;
    const last = this.#blocks[this.#blocks.length - 1];
    if (last !== undefined) {
      const fits = Math.min(last.bytes.length - last.used, rest.length);
      last.bytes.set(rest.subarray(0, fits), last.used);
      last.used += fits;
      rest = rest.subarray(fits);
    }
    if (rest.length === 0) return;
    // Blocks grow with what is held, so that at most about half of them is unused.
    const size = Math.max(rest.length, Math.min(Math.max(this.#length, smallestBlock), largestBlock));
    const bytes = new Uint8Array(size);
    bytes.set(rest);
    this.#blocks.push({ bytes, used: rest.length });
  }

  /** Removes and returns some bytes from the front; undefined when none are held. */
  take(): Uint8Array | undefined {
    const block = this.#blocks.shift();
    if (block === undefined) return undefined;
    this.#length -= block.used;
    return block.bytes.subarray(0, block.used);
  }

  clear(): void {
    this.#blocks.length = 0;
    this.#length = 0;
  }
}

interface Block {
  readonly bytes: Uint8Array;
  used: number;
}

const smallestBlock = 512;
const largestBlock = 64 * 1024;
