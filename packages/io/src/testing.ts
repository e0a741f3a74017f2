import type { Clock, Timer } from "./clock.ts";

interface PendingTimer {
  readonly atMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test advances it. Starts at 0 ms. */
export class ManualClock implements Clock {
  #nowMs = 0;
  #order = 0;
  #pending: PendingTimer[] = [];

  now(): number {
    return this.#nowMs;
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    const timer: PendingTimer = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, callback };
    this.#pending.push(timer);
    return {
      cancel: () => {
        this.#pending = this.#pending.filter((other) => other !== timer);
      },
    };
  }

  /** Timers that have neither run nor been cancelled. */
  get pendingCount(): number {
    return this.#pending.length;
  }

  /** Moves time forward, running each timer that falls due at its own time, in order. */
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (let next = this.#takeDue(untilMs); next !== undefined; next = this.#takeDue(untilMs)) {
      this.#nowMs = next.atMs;
      next.callback();
    }
    this.#nowMs = untilMs;
  }

  #takeDue(untilMs: number): PendingTimer | undefined {
    const due = this.#pending
      .filter((timer) => timer.atMs <= untilMs)
      .sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
    if (due !== undefined) this.#pending = this.#pending.filter((timer) => timer !== due);
    return due;
  }
}
