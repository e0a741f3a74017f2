import type { ErrorCode, Http2Error } from "./errors.ts";
import type { HeaderList, PreparedHeaders } from "./header-list.ts";

/** What a stream delivers to. No callback may throw: a throw is a defect of the receiver. */
export interface StreamReceiver {
  /** On a client: the final response headers (1xx are dropped). Never called on a server. */
  onHeaders(headers: HeaderList, endStream: boolean): void;

  /**
   * Data from the peer, possibly empty with `endStream`. The view is valid only during the call. Frames
   * have no meaning: a frame may come in several chunks. Give the bytes back with `consume`.
   */
  onData(chunk: Uint8Array, endStream: boolean): void;

  /** Trailers, which end the peer's direction. */
  onTrailers(headers: HeaderList): void;

  /** After a `sendData` that returned false: what was queued has been passed on. */
  onDrain(): void;

  /** Terminal: reset by the peer, refused, or the connection is over. Not called after our own `reset`. */
  onReset(error: Http2Error): void;
}

/** One request and its response. Calls on a stream that is over do nothing. */
export interface Http2Stream {
  /** The number on the wire; 0 while a client's stream waits for its turn to be opened. */
  readonly id: number;

  /**
   * A server's response headers, once, before data. A client sends its own with `request`.
   * Throws Http2Error `http2-invalid-header` for what HTTP/2 cannot carry.
   */
  sendHeaders(headers: HeaderList | PreparedHeaders, endStream: boolean): void;

  /**
   * Queues `head` (a few bytes, such as gRPC's prefix) followed by `body` as one sequence, which only
   * frame size and windows split.
   *
   * Returns true when all was passed on at once: both may be changed again. Otherwise they are queued and must
   * not change before `onDrain`; a polite caller waits for it, since everything is accepted and what is queued is
   * memory.
   */
  sendData(body: Uint8Array, endStream: boolean, head?: Uint8Array): boolean;

  /** Ends our direction with trailers, after the queued data. */
  sendTrailers(headers: HeaderList | PreparedHeaders): void;

  /**
   * Gives `byteCount` bytes of received data back to the stream's window, so that the peer may send as
   * many more. The connection's window is given back on receipt: a slow stream holds up no other.
   */
  consume(byteCount: number): void;

  /** Ends both directions with RST_STREAM and drops what is queued. No callback follows. */
  reset(code: ErrorCode): void;
}
