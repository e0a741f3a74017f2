import type { Clock, Timer } from "@drawbar/io";

/**
 * Looks after queues that a peer may keep from moving. While something is queued, it asks a few times per
 * timeout for what has not moved since the deadline.
 */
export class StallWatch {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  #timer: Timer | undefined;

  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  /** Begins to ask, unless it already does, until `check` returns false. */
  watch(check: (deadlineMs: number) => boolean): void {
    if (this.#timer !== undefined || this.#timeoutMs === Number.POSITIVE_INFINITY) return;
    this.#timer = this.#clock.setTimer(this.#timeoutMs / 4, () => {
      this.#timer = undefined;
      if (check(this.#clock.now() - this.#timeoutMs)) this.watch(check);
    });
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
