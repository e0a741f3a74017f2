import type { Clock, Timer } from "@drawbar/io";

/** When to ping. A Go server ends connections that ping more often than every 5 minutes, unless told otherwise. */
export interface KeepaliveOptions {
  /** Between pings. */
  readonly intervalMs: number;
  /** Without an answer for so long, the connection is given up. Default 20,000. */
  readonly timeoutMs?: number | undefined;
}

/** What keepalive does to its connection. */
export interface KeepaliveTarget {
  ping(): Promise<unknown>;
  /** False leaves this interval's ping out. */
  needed(): boolean;
  onSilence(timeoutMs: number): void;
}

const defaultTimeoutMs = 20_000;

/** Pings a connection in regular intervals, and tells when an answer stays out. */
export class Keepalive {
  readonly #intervalMs: number;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #target: KeepaliveTarget;
  #timer: Timer | undefined;

  constructor(options: KeepaliveOptions, clock: Clock, target: KeepaliveTarget) {
    this.#intervalMs = options.intervalMs;
    this.#timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
    this.#clock = clock;
    this.#target = target;
    this.#wait();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #wait(): void {
    this.#timer = this.#clock.setTimer(this.#intervalMs, () => this.#probe());
  }

  #probe(): void {
    if (!this.#target.needed()) {
      this.#wait();
      return;
    }
    const silence = this.#clock.setTimer(this.#timeoutMs, () => this.#target.onSilence(this.#timeoutMs));
    this.#timer = silence;
    const answered = (): void => {
      if (this.#timer !== silence) return;
      silence.cancel();
      this.#wait();
    };
    // A ping that fails does so with its connection, which tells its calls by itself.
    this.#target.ping().then(answered, () => {});
  }
}
