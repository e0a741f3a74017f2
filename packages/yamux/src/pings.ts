import type { Clock, Timer } from "@drawbar/io";
import { YamuxError } from "./errors.ts";

interface Ping {
  readonly sentAtMs: number;
  readonly timer: Timer;
  readonly resolve: (roundTripMs: number) => void;
  readonly reject: (error: Error) => void;
}

/** Pings on their way, and the ones that are sent to see whether the connection still lives. */
export class Pings {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #send: (value: number) => void;
  readonly #waiting = new Map<number, Ping>();
  #nextValue = 0;
  #keepAlive: Timer | undefined;

  /** @param send writes the ping frame with this value */
  constructor(clock: Clock, timeoutMs: number, send: (value: number) => void) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#send = send;
  }

  /** Resolves with the round trip in milliseconds; rejects with yamux-ping-timeout or what `close` is given. */
  ping(): Promise<number> {
    return new Promise((resolve, reject) => {
      const value = this.#nextValue;
      this.#nextValue = (value + 1) >>> 0;
      const sentAtMs = this.#clock.now();
      const timer = this.#clock.setTimer(this.#timeoutMs, () => this.#expire(value, true));
      this.#waiting.set(value, { sentAtMs, timer, resolve, reject });
      this.#send(value);
    });
  }

  /** An answer has come. False if nothing was waiting for it. */
  answered(value: number): boolean {
    const ping = this.#take(value);
    ping?.resolve(this.#clock.now() - ping.sentAtMs);
    return ping !== undefined;
  }

  /** Pings every `intervalMs`, counted from the answer to the one before; `onDead` when one is not answered. */
  keepAlive(intervalMs: number, onDead: () => void): void {
    this.#keepAlive = this.#clock.setTimer(intervalMs, () => {
      this.ping().then(() => {
        if (this.#keepAlive !== undefined) this.keepAlive(intervalMs, onDead);
      }, onDead);
    });
  }

  /** Rejects every ping with `error` and sends no more. */
  close(error: Error): void {
    this.#keepAlive?.cancel();
    this.#keepAlive = undefined;
    for (const value of [...this.#waiting.keys()]) this.#take(value)?.reject(error);
  }

  #take(value: number): Ping | undefined {
    const ping = this.#waiting.get(value);
    this.#waiting.delete(value);
    ping?.timer.cancel();
    return ping;
  }

  // In a program that was busy all the while, the timer runs before the answer is read that came meanwhile:
  // a timer that is late gives the answer one more timeout.
  #expire(value: number, mayBeLate: boolean): void {
    const ping = this.#waiting.get(value);
    if (ping === undefined) return;
    const waitedMs = this.#clock.now() - ping.sentAtMs;
    if (mayBeLate && waitedMs > this.#timeoutMs + lateMs) {
      const timer = this.#clock.setTimer(this.#timeoutMs, () => this.#expire(value, false));
      this.#waiting.set(value, { ...ping, timer });
      return;
    }
    this.#take(value)?.reject(
      new YamuxError("yamux-ping-timeout", `the peer did not answer a ping for ${this.#timeoutMs} ms`, {
        facts: { timeoutMs: this.#timeoutMs },
      }),
    );
  }
}

const lateMs = 1_000;
