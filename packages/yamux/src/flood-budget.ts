import type { Clock } from "@drawbar/io";

/**
 * How many frames that carry nothing (pings, empty frames, resets, refused streams) a peer may send: a
 * bucket that starts full and refills with time.
 */
export class FloodBudget {
  readonly #clock: Clock;
  readonly #burst: number;
  readonly #perSecond: number;
  #tokens: number;
  #refilledAtMs: number;

  constructor(clock: Clock, burst: number, perSecond: number) {
    this.#clock = clock;
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#tokens = burst;
    this.#refilledAtMs = clock.now();
  }

  /** Spends one frame; false when the peer has sent more than it may. */
  spend(): boolean {
    // The clock is asked only when the bucket is empty.
    if (this.#tokens < 1) this.#refill();
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  /** Gives frames back: those that something done on this side makes the peer send. */
  grant(frames: number): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + frames);
  }

  #refill(): void {
    const nowMs = this.#clock.now();
    this.grant(((nowMs - this.#refilledAtMs) * this.#perSecond) / 1000);
    this.#refilledAtMs = nowMs;
  }
}
