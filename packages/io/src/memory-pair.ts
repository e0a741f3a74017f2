import { type ByteReceiver, type ByteStream, defaultHighWaterMarkBytes } from "./byte-stream.ts";

/**
 * Two connected ends in one process: what one writes the other receives, asynchronously and with
 * back-pressure, as two ends of a socket would.
 *
 * @param highWaterMarkBytes bytes queued towards an end before `write` returns false
 */
export function memoryPair(highWaterMarkBytes: number = defaultHighWaterMarkBytes): [ByteStream, ByteStream] {
  const a = new MemoryEnd(highWaterMarkBytes);
  const b = new MemoryEnd(highWaterMarkBytes);
  a.connect(b);
  b.connect(a);
  return [a, b];
}

class MemoryEnd implements ByteStream {
  readonly #highWaterMarkBytes: number;
  #peer: MemoryEnd | undefined;
  #receiver: ByteReceiver | undefined;
  // What the peer wrote and this end has not yet delivered.
  #inbox: Uint8Array[] = [];
  #inboxBytes = 0;
  #paused = false;
  #scheduled = false;
  #peerWaitsForDrain = false;
  #drainedBeforeStart = false;
  #peerEnded = false;
  #endDelivered = false;
  #ended = false;
  #destroyed = false;
  #closed = false;
  #error: Error | undefined;

  constructor(highWaterMarkBytes: number) {
    this.#highWaterMarkBytes = highWaterMarkBytes;
  }

  connect(peer: MemoryEnd): void {
    this.#peer = peer;
  }

  start(receiver: ByteReceiver): void {
    if (this.#receiver !== undefined) throw new Error("ByteStream.start: already started");
    this.#receiver = receiver;
    this.#schedule();
  }

  write(chunk: Uint8Array): boolean {
    const peer = this.#peer;
    if (peer === undefined || this.#ended || this.#destroyed || peer.#destroyed) return false;
    if (chunk.length === 0) return peer.#inboxBytes <= this.#highWaterMarkBytes;
    peer.#inbox.push(chunk);
    peer.#inboxBytes += chunk.length;
    peer.#schedule();
    if (peer.#inboxBytes <= this.#highWaterMarkBytes) return true;
    peer.#peerWaitsForDrain = true;
    return false;
  }

  end(): void {
    if (this.#ended || this.#destroyed) return;
    this.#ended = true;
    this.#peer?.receiveEnd();
    this.#schedule();
  }

  destroy(error?: Error): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#error = error;
    this.#drop();
    this.#schedule();
    this.#peer?.receiveLoss(error);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#schedule();
  }

  receiveEnd(): void {
    this.#peerEnded = true;
    this.#schedule();
  }

  // The peer destroyed its end: without an error that is an end in both directions, with one a reset.
  receiveLoss(error: Error | undefined): void {
    if (this.#destroyed || this.#closed) return;
    if (error === undefined) {
      this.#peerEnded = true;
      this.#ended = true;
    } else {
      this.#destroyed = true;
      this.#error = new Error("connection reset by the peer", { cause: error });
      this.#drop();
    }
    this.#schedule();
  }

  #drop(): void {
    this.#inbox = [];
    this.#inboxBytes = 0;
  }

  #schedule(): void {
    if (this.#scheduled || this.#receiver === undefined) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    const receiver = this.#receiver;
    if (receiver === undefined || this.#closed) return;
    if (this.#drainedBeforeStart) {
      this.#drainedBeforeStart = false;
      receiver.onDrain();
    }
    this.#deliverData(receiver);
    if (this.#destroyed) {
      this.#close(receiver);
      return;
    }
    if (this.#paused || this.#inboxBytes > 0) return;
    if (this.#peerWaitsForDrain) {
      this.#peerWaitsForDrain = false;
      this.#peer?.receiveDrain();
    }
    if (this.#peerEnded && !this.#endDelivered) {
      this.#endDelivered = true;
      receiver.onEnd();
    }
    if (this.#endDelivered && this.#ended) this.#close(receiver);
  }

  #deliverData(receiver: ByteReceiver): void {
    while (!this.#paused && !this.#destroyed) {
      const chunk = this.#inbox.shift();
      if (chunk === undefined) return;
      this.#inboxBytes -= chunk.length;
      receiver.onData(chunk);
    }
  }

  receiveDrain(): void {
    if (this.#destroyed || this.#closed) return;
    if (this.#receiver === undefined) this.#drainedBeforeStart = true;
    else this.#receiver.onDrain();
  }

  #close(receiver: ByteReceiver): void {
    if (this.#closed) return;
    this.#closed = true;
    receiver.onClose(this.#error);
  }
}
