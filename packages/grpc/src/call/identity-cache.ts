const slots = 4;

/**
 * What was last derived from a few objects. The decoder of HTTP/2 hands out the same object for the same
 * header block, so that a call like the ones before needs no look at its headers.
 */
export class IdentityCache<K extends object, V> {
  readonly #keys: (K | undefined)[] = new Array<K | undefined>(slots).fill(undefined);
  readonly #values: (V | undefined)[] = new Array<V | undefined>(slots).fill(undefined);
  #next = 0;

  get(key: K): V | undefined {
    for (let i = 0; i < slots; i++) if (this.#keys[i] === key) return this.#values[i];
    return undefined;
  }

  set(key: K, value: V): void {
    this.#keys[this.#next] = key;
    this.#values[this.#next] = value;
    this.#next = (this.#next + 1) % slots;
  }
}
