import type { ByteStream } from "@drawbar/io";
import { type SessionOptions, settingsOf } from "./options.ts";
import { SessionDriver } from "./session-driver.ts";
import type { YamuxStream } from "./yamux-stream.ts";

const defaultGraceMs = 5_000;

/**
 * One end of a yamux connection: many streams over one ByteStream, which it owns from here on.
 *
 * `closed` tells how it ended. Streams that were not over by then end with that error.
 */
export class Session implements AsyncDisposable {
  readonly #driver: SessionDriver;

  /**
   * @param connection not started yet; both ends must speak yamux, one as client and one as server
   * @throws YamuxError yamux-bad-option
   */
  constructor(connection: ByteStream, options: SessionOptions) {
    this.#driver = new SessionDriver(connection, settingsOf(options));
  }

  /** Settles when the connection is gone: with undefined after an end in order, else with the reason. */
  get closed(): Promise<Error | undefined> {
    return this.#driver.closed;
  }

  /** Streams that are not over. */
  get streamCount(): number {
    return this.#driver.streamCount;
  }

  /**
   * Opens a stream, which can be written to at once. Nothing tells whether the peer accepts it, but that
   * it answers, or resets the stream (`yamux-stream-reset`).
   * @throws YamuxError yamux-session-closed, yamux-remote-go-away, yamux-streams-exhausted
   */
  open(): YamuxStream {
    return this.#driver.open();
  }

  /**
   * The next stream that the peer opens. Not to be used together with `onStream`.
   * Rejects with the signal's reason, or with yamux-session-closed once the session is over.
   */
  accept(signal?: AbortSignal): Promise<YamuxStream> {
    return this.#driver.accept(signal);
  }

  /** Round trip to the peer in milliseconds. Rejects with yamux-ping-timeout or yamux-session-closed. */
  ping(): Promise<number> {
    return this.#driver.ping();
  }

  /** Tells the peer to open no more streams; one that it opens all the same is refused. */
  goAway(): void {
    this.#driver.goAway();
  }

  /**
   * Ends in order: no new streams either way, those that are there may finish, then the connection is
   * closed. Streams still there after `graceMs` (default 5 000) are cut. Resolves once it is closed.
   */
  close(options?: { readonly graceMs?: number }): Promise<void> {
    return this.#driver.close(options?.graceMs ?? defaultGraceMs);
  }

  /** Cuts the connection and every stream at once. */
  destroy(error?: Error): void {
    this.#driver.destroy(error);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
