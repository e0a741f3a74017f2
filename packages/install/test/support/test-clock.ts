import type { Clock, Timer } from "@drawbar/io";

interface Held {
  readonly delayMs: number;
  readonly callback: () => void;
}

/**
 * Time for a transfer. What is waited for before a retry is over at once, and noted; deadlines, which are longer than 20
 * seconds here, are over when a test says so.
 */
export class TestClock implements Clock {
  /** How long was waited before retries, in milliseconds. */
  readonly waits: number[] = [];
  readonly #held: Set<Held> = new Set();

  now(): number {
    return 0;
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    if (delayMs < 20_000) {
      this.waits.push(delayMs);
      const handle = setImmediate(callback);
      return { cancel: () => clearImmediate(handle) };
    }
    const held = { delayMs, callback };
    this.#held.add(held);
    return { cancel: () => this.#held.delete(held) };
  }

  /** Ends every deadline of this length. */
  expire(delayMs: number): void {
    for (const held of [...this.#held].filter((one) => one.delayMs === delayMs)) {
      this.#held.delete(held);
      held.callback();
    }
  }

  /** Deadlines that are running. */
  get running(): number {
    return this.#held.size;
  }
}
