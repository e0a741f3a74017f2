import { type ServerInterceptor, StatusError } from "@drawbar/grpc";
import type { Clock } from "@drawbar/io";
import { within } from "../../terminate/within.ts";

/**
 * Knows which calls of the plugin's own services are in flight, so that they can be waited for while new ones are
 * refused. The streams of go-plugin itself last as long as the connection and do not count.
 */
export class DrainGate {
  #inFlight = 0;
  #draining = false;
  #onIdle: () => void = () => {};

  readonly interceptor: ServerInterceptor = (call, next) =>
    isOwn(call.method.path) ? next(call) : this.#counted(() => next(call));

  /** Refuses new calls from here on. Resolves when those in flight are over, or the time is. */
  async drain(timeoutMs: number, clock: Clock): Promise<void> {
    this.#draining = true;
    if (this.#inFlight === 0) return;
    const idle = new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
    await within(idle, timeoutMs, clock);
  }

  async *#counted(call: () => AsyncIterable<unknown>): AsyncGenerator<unknown, void, undefined> {
    if (this.#draining) throw new StatusError("UNAVAILABLE", "the plugin is ending and takes no new calls");
    this.#inFlight++;
    try {
      yield* call();
    } finally {
      this.#inFlight--;
      if (this.#inFlight === 0) this.#onIdle();
    }
  }
}

function isOwn(path: string): boolean {
  return path.startsWith("/plugin.") || path.startsWith("/grpc.");
}
