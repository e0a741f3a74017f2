import { onAbort, toError } from "@drawbar/io";

interface Waiter<Item> {
  readonly resolve: (item: Item) => void;
  readonly reject: (error: Error) => void;
}

/** Items on one side, callers of `take` on the other: whoever is first waits. */
export class AcceptQueue<Item> {
  readonly #items = new Set<Item>();
  readonly #waiters = new Set<Waiter<Item>>();
  #closed: Error | undefined;

  /** Items that nobody has taken. */
  get length(): number {
    return this.#items.size;
  }

  put(item: Item): void {
    const waiter = this.#waiters.values().next().value;
    if (waiter === undefined) {
      this.#items.add(item);
      return;
    }
    this.#waiters.delete(waiter);
    waiter.resolve(item);
  }

  /** Takes an item back, if it is still there. */
  delete(item: Item): void {
    this.#items.delete(item);
  }

  /** Rejects with the signal's reason, or with what `close` is given. */
  take(signal: AbortSignal | undefined): Promise<Item> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(toError(signal.reason));
        return;
      }
      if (this.#closed !== undefined) {
        reject(this.#closed);
        return;
      }
      const item = this.#items.values().next().value;
      if (item !== undefined) {
        this.#items.delete(item);
        resolve(item);
        return;
      }
      this.#wait(signal, resolve, reject);
    });
  }

  /** Drops all items; rejects those who wait and all who come. */
  close(error: Error): void {
    this.#closed = error;
    this.#items.clear();
    for (const waiter of this.#waiters) waiter.reject(error);
    this.#waiters.clear();
  }

  #wait(
    signal: AbortSignal | undefined,
    resolve: (item: Item) => void,
    reject: (error: Error) => void,
  ): void {
    const waiter: Waiter<Item> = {
      resolve: (item) => {
        removeAbort();
        resolve(item);
      },
      reject: (error) => {
        removeAbort();
        reject(error);
      },
    };
    this.#waiters.add(waiter);
    const removeAbort = onAbort(signal, (reason) => {
      this.#waiters.delete(waiter);
      reject(toError(reason));
    });
  }
}
