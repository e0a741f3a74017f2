const slotCount = 256;

/**
 * Which fields were sent of late, approximately: 256 hashes, the newer displacing the older. A wrong
 * answer costs a little compression and nothing else.
 */
export class RecentFields {
  readonly #hashes = new Int32Array(slotCount);

  /** Whether the field was sent of late; remembers it for the next time. */
  sawBefore(name: string, value: string): boolean {
    let hash = name.length * 31 + value.length;
    for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 31) + name.charCodeAt(i)) | 0;
    for (let i = 0; i < value.length; i++) hash = (Math.imul(hash, 31) + value.charCodeAt(i)) | 0;
    const slot = (hash ^ (hash >>> 11)) & (slotCount - 1);
    if (this.#hashes[slot] === hash) return true;
    this.#hashes[slot] = hash;
    return false;
  }
}
