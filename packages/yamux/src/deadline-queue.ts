import type { Clock, Timer } from "@drawbar/io";

/**
 * Items that share one time limit, with one timer for all of them: with equal limits they fall due in
 * the order they were added.
 */
export class DeadlineQueue<Item> {
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #onDue: (item: Item) => void;
  readonly #addedAtMs = new Map<Item, number>();
  #timer: Timer | undefined;

  /** @param limitMs 0 for no limit */
  constructor(clock: Clock, limitMs: number, onDue: (item: Item) => void) {
    this.#clock = clock;
    this.#limitMs = limitMs;
    this.#onDue = onDue;
  }

  /** Starts an item's time, anew if it is there already. */
  add(item: Item): void {
    if (this.#limitMs === 0) return;
    this.#addedAtMs.delete(item);
    this.#addedAtMs.set(item, this.#clock.now());
    this.#timer ??= this.#clock.setTimer(this.#limitMs, this.#onTimer);
  }

  delete(item: Item): void {
    this.#addedAtMs.delete(item);
  }

  has(item: Item): boolean {
    return this.#addedAtMs.has(item);
  }

  /** Forgets every item and stops the timer. */
  clear(): void {
    this.#addedAtMs.clear();
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  // The timer is not moved when its item goes: it comes, finds who is next, and waits for that one.
  readonly #onTimer = (): void => {
    this.#timer = undefined;
    const nowMs = this.#clock.now();
    for (const [item, addedAtMs] of this.#addedAtMs) {
      const leftMs = addedAtMs + this.#limitMs - nowMs;
      if (leftMs > 0) {
        this.#timer ??= this.#clock.setTimer(leftMs, this.#onTimer);
        return;
      }
      this.#addedAtMs.delete(item);
      this.#onDue(item);
    }
  };
}
