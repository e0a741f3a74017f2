import type { ByteStream } from "@drawbar/io";
import { ServerCore, type StreamHandler } from "./connection/server-core.ts";
import { type Http2Options, resolveOptions } from "./options.ts";

/** A server's HTTP/2 connection on any byte stream. */
export class ServerConnection {
  readonly #core: ServerCore;

  /** Takes over `stream`, which must not have been started. */
  constructor(stream: ByteStream, handler: StreamHandler, options: Http2Options = {}) {
    this.#core = new ServerCore(stream, handler, resolveOptions(options));
  }

  /** `closed` from the moment when nothing more is received; see the promise `closed` for the very end. */
  get state(): "open" | "draining" | "closed" {
    return this.#core.state;
  }

  /** Resolves when the byte stream is closed, with the error unless it ended in order. Never rejects. */
  get closed(): Promise<Error | undefined> {
    return this.#core.closed;
  }

  /** Sends PING; the round trip in milliseconds. Rejects with Http2Error when the connection ends. */
  ping(): Promise<number> {
    return this.#core.ping();
  }

  /**
   * Drains in order: tells the client to open no more streams, takes those that were on their way, and
   * ends once all streams have come to their end.
   */
  close(): void {
    this.#core.close();
  }

  /** Ends at once: every receiver gets `onReset`. */
  destroy(error?: Error): void {
    this.#core.destroy(error);
  }
}
