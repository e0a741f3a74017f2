import type { StateStore } from "./state-store.ts";

/** A store that ends with the process: for tests, and for trying things out. */
export class MemoryStore implements StateStore {
  readonly #values = new Map<string, string>();
  readonly #sequences = new Map<string, bigint>();

  async get(key: string): Promise<string | undefined> {
    return this.#values.get(key);
  }

  async replace(key: string, expected: string | undefined, value: string | undefined): Promise<boolean> {
    if (this.#values.get(key) !== expected) return false;
    if (value === undefined) this.#values.delete(key);
    else this.#values.set(key, value);
    return true;
  }

  async next(sequence: string): Promise<bigint> {
    const number = (this.#sequences.get(sequence) ?? 0n) + 1n;
    this.#sequences.set(sequence, number);
    return number;
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
