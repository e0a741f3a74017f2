import type { DecodedBlock } from "./decoded-block.ts";

interface Entry {
  readonly hash: number;
  readonly bytes: Uint8Array;
  /** The dynamic table's generation, or `anyGeneration` for a block that refers to nothing in it. */
  readonly generation: number;
  readonly block: DecodedBlock;
}

/** Marks a block whose meaning does not depend on the dynamic table. */
export const anyGeneration = -1;

const slotCount = 128;
const maxBlockBytes = 256;

/**
 * Blocks decoded before, by their bytes. A hit is exact: same bytes, and a dynamic table that has not
 * changed since. Bounded: one block per slot, the newer displaces the older.
 */
export class BlockCache {
  #slots: (Entry | undefined)[] = new Array<Entry | undefined>(slotCount).fill(undefined);
  #hash = 0;

  find(bytes: Uint8Array, start: number, end: number, generation: number): DecodedBlock | undefined {
    const length = end - start;
    if (length > maxBlockBytes) return undefined;
    let hash = length;
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0;
    this.#hash = hash;
    const entry = this.#slots[slotOf(hash)];
    if (entry === undefined || entry.hash !== hash || entry.bytes.length !== length) return undefined;
    if (entry.generation !== generation && entry.generation !== anyGeneration) return undefined;
    for (let i = 0; i < length; i++) if (entry.bytes[i] !== bytes[start + i]) return undefined;
    return entry.block;
  }

  /** Remembers the block that `find` has just missed. */
  add(bytes: Uint8Array, start: number, end: number, generation: number, block: DecodedBlock): void {
    if (end - start > maxBlockBytes) return;
    const hash = this.#hash;
    // Not `slice`, which in a Buffer is a view.
    const copy = new Uint8Array(bytes.subarray(start, end));
    this.#slots[slotOf(hash)] = { hash, bytes: copy, generation, block };
  }
}

function slotOf(hash: number): number {
  return (hash ^ (hash >>> 7) ^ (hash >>> 17)) & (slotCount - 1);
}
