import type { Clock, Timer } from "@drawbar/io";
import { BrokerError } from "./broker-error.ts";

interface Waiter<T> {
  readonly resolve: (note: T) => void;
  readonly reject: (error: Error) => void;
  readonly timer: Timer;
}

interface Kept<T> {
  readonly note: T;
  readonly timer: Timer;
}

/** How long either side waits for the other, as in go-plugin. */
export const brokerTimeoutMs = 5000;

// More notes than any program leaves unclaimed for five seconds; a peer must not fill our memory with them.
const maxKept = 4096;

/**
 * Notes and those who wait for them, by number, whichever comes first. Both are given up after
 * `brokerTimeoutMs`: nothing is held for a peer that never comes.
 */
export class AwaitedNotes<T> {
  readonly #clock: Clock;
  readonly #waiters = new Map<number, Waiter<T>>();
  readonly #kept = new Map<number, Kept<T>>();
  readonly #discard: ((note: T) => void) | undefined;

  /** @param discard gets each note that was kept and that nobody took */
  constructor(clock: Clock, discard?: (note: T) => void) {
    this.#clock = clock;
    this.#discard = discard;
  }

  /** Numbers with a note or a waiter. */
  get size(): number {
    return this.#waiters.size + this.#kept.size;
  }

  /** Whether a note for `id` is unclaimed. */
  has(id: number): boolean {
    return this.#kept.has(id);
  }

  /** False if the note was dropped: another one for its number is unclaimed, or too many are. */
  put(id: number, note: T): boolean {
    const waiter = this.#waiters.get(id);
    if (waiter !== undefined) {
      this.#waiters.delete(id);
      waiter.timer.cancel();
      waiter.resolve(note);
      return true;
    }
    if (this.#kept.has(id) || this.#kept.size >= maxKept) return false;
    const timer = this.#clock.setTimer(brokerTimeoutMs, () => {
      this.#kept.delete(id);
      this.#discard?.(note);
    });
    this.#kept.set(id, { note, timer });
    return true;
  }

  /** The note for `id`; rejects with `broker-timeout` and `timeoutMessage` if none comes in time. */
  take(id: number, timeoutMessage: string): Promise<T> {
    const kept = this.#kept.get(id);
    if (kept !== undefined) {
      this.#kept.delete(id);
      kept.timer.cancel();
      return Promise.resolve(kept.note);
    }
    if (this.#waiters.has(id)) {
      const message = `connection ${id} is being waited for already; dial a number once at a time`;
      return Promise.reject(new BrokerError("broker-id-in-use", message, { facts: { id } }));
    }
    return new Promise((resolve, reject) => {
      const timer = this.#clock.setTimer(brokerTimeoutMs, () => {
        this.#waiters.delete(id);
        reject(new BrokerError("broker-timeout", timeoutMessage, { facts: { id } }));
      });
      this.#waiters.set(id, { resolve, reject, timer });
    });
  }

  /** Whoever waits for `id` waits no longer, and fails with `error`. False if nobody does. */
  abandon(id: number, error: Error): boolean {
    const waiter = this.#waiters.get(id);
    if (waiter === undefined) return false;
    this.#waiters.delete(id);
    waiter.timer.cancel();
    waiter.reject(error);
    return true;
  }

  /** Every waiter fails with `error`, and nothing is kept. */
  close(error: Error): void {
    for (const { timer, reject } of this.#waiters.values()) {
      timer.cancel();
      reject(error);
    }
    this.#waiters.clear();
    const unclaimed = [...this.#kept.values()];
    this.#kept.clear();
    for (const { note, timer } of unclaimed) {
      timer.cancel();
      this.#discard?.(note);
    }
  }
}
