import type { Clock, Timer } from "@drawbar/io";

/** Something that ends at its deadline. */
export interface DeadlineTarget {
  onDeadline(): void;
}

/** Where a target waits; hand it back to `remove`. */
export interface Deadline {
  readonly atMs: number;
  readonly targets: Set<DeadlineTarget>;
}

interface Bucket extends Deadline {
  timer: Timer;
}

/** Deadlines of many calls: those that end in the same millisecond share one timer. */
export class DeadlineTimers {
  readonly #clock: Clock;
  readonly #buckets = new Map<number, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `target.onDeadline` once, not before `timeoutMs` from now, unless removed. */
  add(target: DeadlineTarget, timeoutMs: number): Deadline {
    const atMs = Math.ceil(this.#clock.now() + Math.max(0, timeoutMs));
    let bucket = this.#buckets.get(atMs);
    if (bucket === undefined) {
      bucket = { atMs, targets: new Set(), timer: this.#arm(atMs) };
      this.#buckets.set(atMs, bucket);
    }
    bucket.targets.add(target);
    return bucket;
  }

  remove(deadline: Deadline, target: DeadlineTarget): void {
    deadline.targets.delete(target);
    if (deadline.targets.size > 0) return;
    const bucket = this.#buckets.get(deadline.atMs);
    if (bucket === undefined || bucket !== deadline) return;
    bucket.timer.cancel();
    this.#buckets.delete(deadline.atMs);
  }

  #arm(atMs: number): Timer {
    return this.#clock.setTimer(atMs - this.#clock.now(), () => this.#fire(atMs));
  }

  #fire(atMs: number): void {
    const bucket = this.#buckets.get(atMs);
    if (bucket === undefined) return;
    // A platform's timer may be cut short (24 days at most): then it is set again for the rest.
    if (atMs - this.#clock.now() > 1000) {
      bucket.timer = this.#arm(atMs);
      return;
    }
    this.#buckets.delete(atMs);
    for (const target of bucket.targets) target.onDeadline();
  }
}
