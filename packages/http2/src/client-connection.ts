import type { ByteStream } from "@drawbar/io";
import { ClientCore } from "./connection/client-core.ts";
import type { HeaderList, PreparedHeaders } from "./header-list.ts";
import { type Http2Options, resolveOptions } from "./options.ts";
import type { Http2Stream, StreamReceiver } from "./stream-api.ts";

/** A client's HTTP/2 connection with prior knowledge (RFC 9113 §3.3) on any byte stream, TLS with ALPN `h2` included. */
export class ClientConnection {
  readonly #core: ClientCore;

  /** Takes over `stream`, which must not have been started, and sends the preface at the end of the turn. */
  constructor(stream: ByteStream, options: Http2Options = {}) {
    this.#core = new ClientCore(stream, resolveOptions(options));
  }

  /** `closed` from the moment when nothing more is received; see the promise `closed` for the very end. */
  get state(): "open" | "draining" | "closed" {
    return this.#core.state;
  }

  /** Resolves when the byte stream is closed, with the error unless it ended in order. Never rejects. */
  get closed(): Promise<Error | undefined> {
    return this.#core.closed;
  }

  /**
   * Opens a stream. Beyond the peer's SETTINGS_MAX_CONCURRENT_STREAMS it waits its turn, in order. Request
   * headers and what is sent on the stream in the same turn leave in one write. On a connection that takes
   * no more requests, `onReset` follows with an error that is `unprocessed`.
   *
   * @throws Http2Error `http2-invalid-header` for headers that HTTP/2 cannot carry
   */
  request(headers: HeaderList | PreparedHeaders, receiver: StreamReceiver, endStream: boolean): Http2Stream {
    return this.#core.request(headers, receiver, endStream);
  }

  /** Sends PING; the round trip in milliseconds. Rejects with Http2Error when the connection ends. */
  ping(): Promise<number> {
    return this.#core.ping();
  }

  /** Ends in order: no more requests, GOAWAY, and the end once all streams have come to theirs. */
  close(): void {
    this.#core.close();
  }

  /** Ends at once: every receiver gets `onReset`. */
  destroy(error?: Error): void {
    this.#core.destroy(error);
  }
}
