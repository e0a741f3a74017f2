import { Duplex } from "node:stream";
import { type ByteReceiver, type ByteStream, toError } from "@drawbar/io";

/**
 * A ByteStream as a node Duplex: half-close becomes `end`, loss becomes `error`, back-pressure goes
 * both ways. The Duplex owns the stream from here on.
 */
export function toDuplex(stream: ByteStream): Duplex {
  return new ByteStreamDuplex(stream);
}

class ByteStreamDuplex extends Duplex implements ByteReceiver {
  readonly #stream: ByteStream;
  #waiting: (() => void) | undefined;
  #started = false;

  constructor(stream: ByteStream) {
    super({ allowHalfOpen: true });
    this.#stream = stream;
  }

  override _construct(callback: (error?: Error | null) => void): void {
    this.#start();
    callback();
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#stream.start(this);
  }

  override _read(): void {
    this.#stream.resume();
  }

  override _write(chunk: Uint8Array, _encoding: string, callback: (error?: Error | null) => void): void {
    if (this.#stream.write(chunk)) callback();
    else this.#waiting = callback;
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#stream.end();
    callback();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#stream.destroy(error ?? undefined);
    callback(error);
  }

  onData(chunk: Uint8Array): void {
    // Copied because the view ends with this call, and a Readable keeps what it is given.
    if (!this.push(Buffer.from(chunk))) this.#stream.pause();
  }

  onEnd(): void {
    this.push(null);
  }

  onDrain(): void {
    const resume = this.#waiting;
    this.#waiting = undefined;
    resume?.();
  }

  onClose(error: Error | undefined): void {
    if (error !== undefined) this.destroy(toError(error));
    else if (this.#waiting !== undefined) this.destroy(new Error("the stream closed before all was written"));
    else if (!this.readableEnded) this.push(null);
  }
}
