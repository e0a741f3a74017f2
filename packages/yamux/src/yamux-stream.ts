import type { ByteStream } from "@drawbar/io";

/**
 * One stream of a session.
 *
 * `end` sends the FIN after what is queued. `destroy()` with nothing queued ends the stream in order, and
 * what the peer still sends is dropped; `destroy(error)`, or with bytes queued, resets it. While paused,
 * the peer can send what is left of the window and no more.
 */
export interface YamuxStream extends ByteStream {
  /** Odd if the session's client opened the stream, even if the server did. */
  readonly id: number;
}
