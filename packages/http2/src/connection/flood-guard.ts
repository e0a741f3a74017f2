import type { Clock } from "@drawbar/io";
import type { Http2Limits } from "../options.ts";

/** Frames that cost us work and carry nothing. */
export type ControlKind =
  | "PING"
  | "SETTINGS"
  | "WINDOW_UPDATE"
  | "PRIORITY"
  | "GOAWAY"
  // On streams that are gone already.
  | "RST_STREAM"
  | "empty DATA"
  | "unknown";

// What each frame that carries something allows in others: peers acknowledge and probe as data flows.
const controlsPerUsefulFrame = 8;

/** A token bucket that time and useful work refill. */
class Budget {
  readonly #burst: number;
  readonly #perMs: number;
  readonly #perCredit: number;
  #tokens: number;
  #seenMs: number;
  #seenCredits = 0;

  constructor(burst: number, perSecond: number, perCredit: number, nowMs: number) {
    this.#burst = burst;
    this.#perMs = perSecond / 1000;
    this.#perCredit = perCredit;
    this.#tokens = burst;
    this.#seenMs = nowMs;
  }

  spend(nowMs: number, credits: number): boolean {
    const earned = (nowMs - this.#seenMs) * this.#perMs + (credits - this.#seenCredits) * this.#perCredit;
    this.#tokens = Math.min(this.#burst, this.#tokens + earned) - 1;
    this.#seenMs = nowMs;
    this.#seenCredits = credits;
    return this.#tokens >= 0;
  }
}

/** Tells a busy peer from one that only keeps us busy (RFC 9113 §10.5). */
export class FloodGuard {
  readonly #clock: Clock;
  readonly #limits: Required<Http2Limits>;
  readonly #budgets = new Map<ControlKind | "reset", Budget>();
  /** Frames with content, sent and received: counted by the connection. */
  usefulFrames = 0;
  /** Streams that came to their regular end. */
  completedStreams = 0;

  constructor(clock: Clock, limits: Required<Http2Limits>) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Counts a frame that carries nothing; false if there were too many. */
  allowsControl(kind: ControlKind): boolean {
    const { controlBurst, controlsPerSecond } = this.#limits;
    const budget = this.#budget(kind, controlBurst, controlsPerSecond, controlsPerUsefulFrame);
    return budget.spend(this.#clock.now(), this.usefulFrames);
  }

  /** Counts a stream that the peer began and ended before its time (CVE-2023-44487); false if too many. */
  allowsReset(): boolean {
    const { resetBurst, resetsPerSecond } = this.#limits;
    return this.#budget("reset", resetBurst, resetsPerSecond, 1).spend(
      this.#clock.now(),
      this.completedStreams,
    );
  }

  #budget(kind: ControlKind | "reset", burst: number, perSecond: number, perCredit: number): Budget {
    let budget = this.#budgets.get(kind);
    if (budget === undefined) {
      budget = new Budget(burst, perSecond, perCredit, this.#clock.now());
      this.#budgets.set(kind, budget);
    }
    return budget;
  }
}
