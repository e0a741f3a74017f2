import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { isDrawbarError } from "@drawbar/io";
import { readIfPresent, replaceFile } from "./durable-file.ts";
import { ProcessLock } from "./process-lock.ts";
import { encodeHeader, readSealed, seal, unseal } from "./sealed-file.ts";
import { decodeSnapshot, encodeSnapshot, type Snapshot } from "./snapshot.ts";
import type { StateStore } from "./state-store.ts";
import { StoreError } from "./store-error.ts";
import { deriveKeys, newDerivation, type StoreKeys, type StoreSecret } from "./store-key.ts";

/** Where a store is and what protects it. */
export interface FileStoreOptions {
  /** A folder for the store alone; made if it is not there, open to its owner only. */
  readonly folder: string;
  readonly secret: StoreSecret;
  /**
   * How many numbers of a sequence are set aside with one write to the disk. A process that dies loses
   * those that it had left. Default 1024.
   */
  readonly reserve?: number;
  /**
   * Open the store even if another process had it open and this one cannot see what became of that, as in a
   * container that was started anew. Only for those who make sure otherwise that there is one process.
   */
  readonly takeOver?: boolean;
}

const fileName = "state.ca";

/**
 * A store in one encrypted file that is replaced whole at each change. One process at a time has it open.
 * Numbers are set aside on disk before the first of them is given out, so a death can lose some and never
 * repeat one.
 */
export class FileStore implements StateStore {
  readonly #path: string;
  readonly #lock: ProcessLock;
  readonly #header: string;
  readonly #keys: StoreKeys;
  readonly #reserve: bigint;
  /** What is on disk. */
  #durable: Snapshot;
  /** By sequence, the last number given out in this process. */
  readonly #given = new Map<string, bigint>();
  /** Changes are made one after the other. */
  #lastChange: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  private constructor(
    path: string,
    lock: ProcessLock,
    header: string,
    keys: StoreKeys,
    state: Snapshot,
    reserve: number,
  ) {
    this.#path = path;
    this.#lock = lock;
    this.#header = header;
    this.#keys = keys;
    this.#durable = state;
    this.#reserve = BigInt(reserve);
    for (const [sequence, last] of state.sequences) this.#given.set(sequence, last);
  }

  /** Opens a store, or makes an empty one. Throws StoreError. */
  static async open(options: FileStoreOptions): Promise<FileStore> {
    const { folder, secret, reserve = 1024, takeOver = false } = options;
    return await orFail(`the store ${folder} cannot be opened`, async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const lock = await ProcessLock.acquire(folder, takeOver);
      try {
        const path = join(folder, fileName);
        const { header, keys, state } = await load(path, secret);
        return new FileStore(path, lock, header, keys, state, reserve);
      } catch (error) {
        await lock[Symbol.asyncDispose]();
        throw error;
      }
    });
  }

  async get(key: string): Promise<string | undefined> {
    this.#checkOpen();
    return this.#durable.values.get(key);
  }

  replace(key: string, expected: string | undefined, value: string | undefined): Promise<boolean> {
    return this.#oneByOne(async () => {
      if (this.#durable.values.get(key) !== expected) return false;
      if (value === expected) return true;
      const values = new Map(this.#durable.values);
      if (value === undefined) values.delete(key);
      else values.set(key, value);
      await this.#write({ ...this.#durable, values });
      return true;
    });
  }

  async next(sequence: string): Promise<bigint> {
    this.#checkOpen();
    return this.#take(sequence) ?? (await this.#oneByOne(() => this.#setAside(sequence)));
  }

  /** Waits for changes under way, and lets the next process in. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#lastChange;
    await this.#lock[Symbol.asyncDispose]();
  }

  async #setAside(sequence: string): Promise<bigint> {
    // Whoever came first may have set enough aside for those who waited with him.
    for (let number = this.#take(sequence); ; number = this.#take(sequence)) {
      if (number !== undefined) return number;
      const sequences = new Map(this.#durable.sequences);
      sequences.set(sequence, (sequences.get(sequence) ?? 0n) + this.#reserve);
      await this.#write({ ...this.#durable, sequences });
    }
  }

  /** The next number that is set aside; undefined if none is left. */
  #take(sequence: string): bigint | undefined {
    const last = this.#given.get(sequence) ?? 0n;
    if (last >= (this.#durable.sequences.get(sequence) ?? 0n)) return undefined;
    this.#given.set(sequence, last + 1n);
    return last + 1n;
  }

  async #write(state: Snapshot): Promise<void> {
    const file = seal(this.#header, this.#keys, encodeSnapshot(state));
    await orFail(`the store ${this.#path} cannot be written`, () => replaceFile(this.#path, file));
    this.#durable = state;
  }

  #oneByOne<T>(change: () => Promise<T>): Promise<T> {
    this.#checkOpen();
    const result = this.#lastChange.then(change);
    this.#lastChange = result.catch(() => undefined);
    return result;
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new StoreError("ca-store-closed", `the store ${this.#path} was closed`);
  }
}

async function load(
  path: string,
  secret: StoreSecret,
): Promise<{ header: string; keys: StoreKeys; state: Snapshot }> {
  const bytes = await readIfPresent(path);
  if (bytes === undefined) {
    const derivation = newDerivation(secret, randomBytes(16));
    const keys = await deriveKeys(secret, derivation);
    return { header: encodeHeader(derivation), keys, state: { values: new Map(), sequences: new Map() } };
  }
  const file = readSealed(bytes, path);
  const keys = await deriveKeys(secret, file.derivation);
  return { header: file.header, keys, state: decodeSnapshot(unseal(file, keys, path), path) };
}

async function orFail<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (isDrawbarError(cause)) throw cause;
    throw new StoreError("ca-store-failed", `${what}: ${(cause as Error).message}`, { cause });
  }
}
