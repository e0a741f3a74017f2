import type { ByteReceiver, ByteStream } from "@drawbar/io";

/**
 * The connection to a plugin, whose loss explains itself: the end is told to the protocol above only once
 * `explain` knows why, so that every call in flight fails with the plugin's exit code and last words and not
 * with "connection reset".
 *
 * @param explain given what the system said; resolves soon, bounded by a time of its own
 */
export function explainedStream(
  stream: ByteStream,
  explain: (cause: Error | undefined) => Promise<Error>,
): ByteStream {
  return new ExplainedStream(stream, explain);
}

class ExplainedStream implements ByteStream, ByteReceiver {
  readonly #stream: ByteStream;
  readonly #explain: (cause: Error | undefined) => Promise<Error>;
  #receiver: ByteReceiver | undefined;
  // Whether the end is this side's doing, which needs no explanation.
  #endedHere = false;

  constructor(stream: ByteStream, explain: (cause: Error | undefined) => Promise<Error>) {
    this.#stream = stream;
    this.#explain = explain;
  }

  start(receiver: ByteReceiver): void {
    this.#receiver = receiver;
    this.#stream.start(this);
  }

  write(chunk: Uint8Array): boolean {
    return this.#stream.write(chunk);
  }

  get unwrittenBytes(): number | undefined {
    return this.#stream.unwrittenBytes;
  }

  end(): void {
    this.#endedHere = true;
    this.#stream.end();
  }

  destroy(error?: Error): void {
    this.#endedHere = true;
    this.#stream.destroy(error);
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  onData(chunk: Uint8Array): void {
    this.#receiver?.onData(chunk);
  }

  // A plugin never half-closes in order: whatever its reason, this connection is over.
  onEnd(): void {
    this.#stream.destroy();
  }

  onDrain(): void {
    this.#receiver?.onDrain();
  }

  onClose(error: Error | undefined): void {
    if (this.#endedHere) this.#receiver?.onClose(error);
    else void this.#explain(error).then((reason) => this.#receiver?.onClose(reason));
  }
}
