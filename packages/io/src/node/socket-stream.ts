import type { Socket } from "node:net";
import type { ByteReceiver, ByteStream } from "@drawbar/io";

// Above node's own mark, which is less than what a single read of the peer takes: a writer that waits for every
// 16 KiB spends its time waiting.
const highWaterMarkBytes = 256 * 1024;

/**
 * A connected socket (TCP, unix or TLS) as a ByteStream. The stream owns the socket from here on.
 *
 * @param socket connected, with no data listener yet; `allowHalfOpen` should be set where half-closing
 * matters to the protocol above
 */
export function socketStream(socket: Socket): ByteStream {
  return new SocketStream(socket);
}

class SocketStream implements ByteStream {
  readonly #socket: Socket;
  #started = false;
  #paused = false;
  #error: Error | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    // An error before `start` must be kept for `onClose`, not thrown for want of a listener.
    socket.on("error", (error) => {
      this.#error ??= error;
    });
    socket.setNoDelay(true);
  }

  start(receiver: ByteReceiver): void {
    if (this.#started) throw new Error("ByteStream.start: already started");
    this.#started = true;
    const socket = this.#socket;
    if (socket.closed) {
      queueMicrotask(() => receiver.onClose(this.#error));
      return;
    }
    socket.on("end", () => receiver.onEnd());
    socket.on("drain", () => receiver.onDrain());
    socket.on("close", () => receiver.onClose(this.#error));
    socket.on("data", (chunk: Uint8Array) => receiver.onData(chunk));
    // A listener alone does not start a socket that was paused, as a server's `pauseOnConnect` does.
    if (!this.#paused) socket.resume();
  }

  write(chunk: Uint8Array): boolean {
    const socket = this.#socket;
    if (!socket.writable) return false;
    socket.write(chunk);
    return socket.writableLength < highWaterMarkBytes;
  }

  get unwrittenBytes(): number {
    return this.#socket.writableLength;
  }

  end(): void {
    this.#socket.end();
  }

  destroy(error?: Error): void {
    this.#error ??= error;
    // The error is kept here and not given to the socket: it is ours to report, once, in onClose.
    this.#socket.destroy();
  }

  pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#paused = false;
    if (this.#started) this.#socket.resume();
  }
}
