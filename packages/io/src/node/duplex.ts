import { Duplex } from "node:stream";
import type { ByteReceiver, ByteStream } from "@drawbar/io";

/**
 * A ByteStream as a node Duplex: half-close becomes `end`, loss becomes `error`, back-pressure goes
 * both ways. The Duplex owns the stream from here on.
 */
export function toDuplex(stream: ByteStream): Duplex {
  return new ByteStreamDuplex(stream);
}

type Callback = (error?: Error | null) => void;

class ByteStreamDuplex extends Duplex implements ByteReceiver {
  readonly #stream: ByteStream;
  // The callback of a write that the stream below has not yet passed on.
  #waiting: Callback | undefined;
  #closing: Callback | undefined;
  #closed = false;
  #readEnded = false;

  constructor(stream: ByteStream) {
    super({ allowHalfOpen: true });
    this.#stream = stream;
  }

  override _construct(callback: Callback): void {
    this.#stream.start(this);
    callback();
  }

  override _read(): void {
    this.#stream.resume();
  }

  override _write(chunk: Uint8Array, _encoding: string, callback: Callback): void {
    if (this.#closed) callback(closedEarly());
    else if (this.#stream.write(chunk)) callback();
    else this.#waiting = callback;
  }

  override _final(callback: Callback): void {
    this.#stream.end();
    callback();
  }

  override _destroy(error: Error | null, callback: Callback): void {
    // After an end both ways the stream below closes by itself, once what it queues has been passed on;
    // destroying it would drop that.
    const inOrder = error === null && this.writableFinished && this.readableEnded;
    if (inOrder && !this.#closed) {
      this.#closing = callback;
      return;
    }
    this.#stream.destroy(error ?? undefined);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(error ?? closedEarly());
    callback(error);
  }

  onData(chunk: Uint8Array): void {
    // Copied because the view ends with this call, and a Readable keeps what it is given.
    if (!this.push(Buffer.from(chunk))) this.#stream.pause();
  }

  onEnd(): void {
    this.#endReading();
  }

  onDrain(): void {
    const resume = this.#waiting;
    this.#waiting = undefined;
    resume?.();
  }

  onClose(error: Error | undefined): void {
    this.#closed = true;
    const closing = this.#closing;
    if (closing !== undefined) {
      closing(error);
    } else if (error !== undefined) {
      this.destroy(error);
    } else if (this.#waiting !== undefined) {
      this.destroy(closedEarly());
    } else {
      // Both directions are over: what was received can still be read, and then the Duplex closes itself.
      this.#endReading();
      this.end();
    }
  }

  #endReading(): void {
    if (this.#readEnded) return;
    this.#readEnded = true;
    this.push(null);
  }
}

function closedEarly(): Error {
  return new Error("the stream closed before all was written");
}
