import { type Clock, systemClock, type Timer } from "@drawbar/io";

/** Waits before a retry are no longer than this; time limits are. */
const longestWaitMs = 5_000;

/** A clock on which waits pass at once, and time limits when a test says so. */
export class ImpatientClock implements Clock {
  readonly #limits = new Set<() => void>();

  now(): number {
    return systemClock.now();
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    if (delayMs <= longestWaitMs) return systemClock.setTimer(0, callback);
    this.#limits.add(callback);
    return { cancel: () => void this.#limits.delete(callback) };
  }

  /** Every limit that is running ends now. */
  expire(): void {
    const expired = [...this.#limits];
    this.#limits.clear();
    for (const callback of expired) callback();
  }
}
