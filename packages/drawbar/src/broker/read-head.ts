import type { ByteReceiver, ByteStream, Clock } from "@drawbar/io";

/** A stream of which the first bytes were read: they, and the stream from there on, not started yet. */
export interface HeadedStream {
  readonly head: Uint8Array;
  readonly stream: ByteStream;
}

/** Why no head came: its time was up, or the other side ended or lost the stream first. */
export type HeadFailure =
  | { readonly reason: "timeout" }
  | { readonly reason: "closed"; readonly error: Error | undefined };

/**
 * Reads the first `byteCount` bytes of a stream, which is started for it. What fails is destroyed; never
 * rejects.
 */
export function readHead(
  stream: ByteStream,
  byteCount: number,
  clock: Clock,
  timeoutMs: number,
): Promise<HeadedStream | HeadFailure> {
  return new Promise((resolve) => {
    const headed = new StreamAfterHead(stream, byteCount, (result) => {
      timer.cancel();
      resolve(result);
    });
    const timer = clock.setTimer(timeoutMs, () => headed.giveUp({ reason: "timeout" }));
    stream.start(headed);
  });
}

/**
 * - `head`: the first bytes are read
 * - `held`: they are there; nobody has started the rest, or the end of the first chunk is still to be given
 * - `flowing`: everything is passed on as it comes
 * - `failed`: no head came, and nothing is passed on
 */
type Phase = "head" | "held" | "flowing" | "failed";

class StreamAfterHead implements ByteStream, ByteReceiver {
  readonly #stream: ByteStream;
  readonly #head: Uint8Array;
  readonly #onResult: (result: HeadedStream | HeadFailure) => void;
  #phase: Phase = "head";
  #filled = 0;
  // What came behind the head before anybody wanted it: at most the rest of one chunk.
  #rest: Uint8Array | undefined;
  #receiver: ByteReceiver | undefined;
  #paused = false;
  #ended = false;
  #closed: { readonly error: Error | undefined } | undefined;

  constructor(stream: ByteStream, byteCount: number, onResult: (result: HeadedStream | HeadFailure) => void) {
    this.#stream = stream;
    this.#head = new Uint8Array(byteCount);
    this.#onResult = onResult;
  }

  giveUp(failure: HeadFailure): void {
    if (this.#phase !== "head") return;
    this.#phase = "failed";
    this.#stream.destroy();
    this.#onResult(failure);
  }

  // ---- as the stream that is given on

  start(receiver: ByteReceiver): void {
    if (this.#receiver !== undefined) throw new Error("a stream can be started only once");
    this.#receiver = receiver;
    queueMicrotask(this.#release);
  }

  write(chunk: Uint8Array): boolean {
    return this.#stream.write(chunk);
  }

  get unwrittenBytes(): number | undefined {
    return this.#stream.unwrittenBytes;
  }

  end(): void {
    this.#stream.end();
  }

  destroy(error?: Error): void {
    this.#rest = undefined;
    this.#paused = false;
    this.#stream.destroy(error);
  }

  pause(): void {
    this.#paused = true;
    if (this.#phase === "flowing") this.#stream.pause();
  }

  resume(): void {
    this.#paused = false;
    if (this.#phase === "flowing") this.#stream.resume();
    else if (this.#receiver !== undefined) queueMicrotask(this.#release);
  }

  // ---- as the receiver of the stream below

  onData(chunk: Uint8Array): void {
    if (this.#phase === "flowing") this.#receiver?.onData(chunk);
    else if (this.#phase === "head") this.#fill(chunk);
  }

  onEnd(): void {
    this.#ended = true;
    if (this.#phase === "flowing") this.#receiver?.onEnd();
    else this.giveUp({ reason: "closed", error: undefined });
  }

  onDrain(): void {
    this.#receiver?.onDrain();
  }

  onClose(error: Error | undefined): void {
    this.#closed = { error };
    if (this.#phase === "flowing") this.#receiver?.onClose(error);
    else if (this.#phase === "held") this.#release();
    else this.giveUp({ reason: "closed", error });
  }

  #fill(chunk: Uint8Array): void {
    const part = chunk.subarray(0, this.#head.length - this.#filled);
    this.#head.set(part, this.#filled);
    this.#filled += part.length;
    if (this.#filled < this.#head.length) return;
    if (part.length < chunk.length) this.#rest = chunk.slice(part.length);
    this.#phase = "held";
    this.#stream.pause();
    this.#onResult({ head: this.#head, stream: this });
  }

  // Gives what was held, in order, and lets the stream flow.
  readonly #release = (): void => {
    const receiver = this.#receiver;
    if (receiver === undefined || this.#phase !== "held" || this.#paused) return;
    const rest = this.#rest;
    this.#rest = undefined;
    if (rest !== undefined) {
      receiver.onData(rest);
      if (this.#paused) return;
    }
    this.#phase = "flowing";
    if (this.#ended) receiver.onEnd();
    if (this.#closed !== undefined) receiver.onClose(this.#closed.error);
    else this.#stream.resume();
  };
}
