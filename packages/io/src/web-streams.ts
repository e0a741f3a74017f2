import { type ByteStream, defaultHighWaterMarkBytes } from "./byte-stream.ts";

/** Both directions of a ByteStream, as web streams. */
export interface WebStreams {
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly writable: WritableStream<Uint8Array>;
}

/**
 * A ByteStream as a `ReadableStream` and a `WritableStream`: the peer's end closes the one, closing the
 * other ends our side, a loss errors both, and back-pressure goes both ways. Cancelling the readable
 * alone leaves the writable to be used; aborting the writable destroys the stream. Owns the stream from here on.
 */
export function toWebStreams(stream: ByteStream): WebStreams {
  let wake: (() => void) | undefined;
  let input: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
  let output: WritableStreamDefaultController | undefined;

  const readable = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start(controller) {
        input = controller;
      },
      pull: () => stream.resume(),
      cancel() {
        // Read and dropped from here on, so that the peer is not held up.
        input = undefined;
        stream.resume();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: defaultHighWaterMarkBytes }),
  );

  const writable = new WritableStream<Uint8Array>({
    start(controller) {
      output = controller;
    },
    write(chunk) {
      // Copied because the stream owns what it is given, and the caller of a WritableStream keeps it.
      if (stream.write(chunk.slice())) return undefined;
      return new Promise<void>((resolve) => {
        wake = resolve;
      });
    },
    close() {
      output = undefined;
      stream.end();
    },
    abort(reason) {
      output = undefined;
      stream.destroy(
        reason instanceof Error ? reason : new Error("the writable was aborted", { cause: reason }),
      );
    },
  });

  stream.start({
    onData(chunk) {
      input?.enqueue(chunk.slice());
      if (input !== undefined && (input.desiredSize ?? 0) <= 0) stream.pause();
    },
    onEnd() {
      input?.close();
      input = undefined;
    },
    onDrain: () => wake?.(),
    onClose(error) {
      const reason = error ?? new Error("the stream is closed");
      if (error === undefined) input?.close();
      else input?.error(error);
      output?.error(reason);
      input = undefined;
      output = undefined;
      wake?.();
    },
  });
  return { readable, writable };
}
