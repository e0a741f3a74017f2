/**
 * The one byte contract of drawbar: a socket, a TLS socket, a yamux stream and one end of an in-memory
 * pair are all a ByteStream, so protocols stack by composition.
 *
 * It is a callback contract on purpose. It sits under every call, and promises, events or node streams
 * per chunk would cost more than the protocols above it.
 */
export interface ByteStream {
  /**
   * Installs the receiver and begins delivery. Called exactly once; a second call throws.
   * Nothing is delivered before it, and never during the call itself.
   */
  start(receiver: ByteReceiver): void;

  /**
   * Queues bytes for the peer, in order. The stream owns `chunk` from here on: the caller must not
   * change it afterwards. Returns false when more than the stream's high-water mark is queued; the
   * bytes are accepted all the same, and a polite writer waits for `onDrain`.
   * After `end`, `destroy` or the loss of the peer, bytes are dropped and false is returned.
   */
  write(chunk: Uint8Array): boolean;

  /**
   * Bytes written and not yet passed on. At 0 no chunk is referred to any more, so that a writer may fill the
   * memory of its chunks anew. Absent where chunks may be kept for longer.
   */
  readonly unwrittenBytes?: number | undefined;

  /** Half-closes: the peer sees the end once it has read everything written. Reading goes on. */
  end(): void;

  /**
   * Ends both directions at once and drops what is queued. `onClose` follows, with `error` if given.
   * Safe to call at any time, any number of times, also before `start`.
   */
  destroy(error?: Error): void;

  /** Stops delivery until `resume`: back-pressure reaches the peer once buffers on the way are full. */
  pause(): void;

  /** Resumes delivery after `pause`. */
  resume(): void;
}

/** What a ByteStream delivers to. No callback may throw: a throw is a defect of the receiver. */
export interface ByteReceiver {
  /**
   * Bytes from the peer, at least one. The view is valid only during the call: copy what is kept.
   */
  onData(chunk: Uint8Array): void;

  /** The peer half-closed; no more `onData`. Writing may go on. */
  onEnd(): void;

  /** After a `write` that returned false: what was queued has been passed on. */
  onDrain(): void;

  /**
   * The last callback, exactly once: both directions are over. `error` is set when the stream did not
   * end in order (reset, broken pipe, or the error given to `destroy`).
   */
  onClose(error: Error | undefined): void;
}

/** Bytes a ByteStream queues before `write` returns false, unless a stream says otherwise. */
export const defaultHighWaterMarkBytes: number = 64 * 1024;
