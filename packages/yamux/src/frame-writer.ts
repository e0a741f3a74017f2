import { type ByteStream, type Clock, OutputBuffer, type Timer } from "@drawbar/io";
import { type FrameType, frameType, headerBytes, writeHeader } from "./frame.ts";
import type { SendQueue } from "./send-queue.ts";

/** A stream that has something to send. */
export interface Sender {
  /** Sends at most one data frame. Returns true if it could send more now. */
  sendNext(): boolean;
}

/**
 * The sending side of a session: frames of one turn leave as one write, and while the connection takes no
 * more, streams wait in a circle and send a frame each when their turn comes.
 */
export class FrameWriter {
  readonly #output: OutputBuffer;
  readonly #clock: Clock;
  readonly #writeTimeoutMs: number;
  readonly #onStuck: () => void;
  readonly #circle = new Set<Sender>();
  #queuedAnswers = 0;
  #waitingSinceMs: number | undefined;
  #timer: Timer | undefined;
  #pumping = false;
  #closed = false;

  /** @param onStuck called when something has waited `writeTimeoutMs` for the connection */
  constructor(stream: ByteStream, clock: Clock, writeTimeoutMs: number, onStuck: () => void) {
    this.#output = new OutputBuffer(stream);
    this.#clock = clock;
    this.#writeTimeoutMs = writeTimeoutMs;
    this.#onStuck = onStuck;
  }

  /** True while the connection takes no more: data waits, control frames still go. */
  get blocked(): boolean {
    return this.#output.blocked;
  }

  /** Answers written since the connection stopped taking bytes: what a peer that reads nothing made us hold. */
  get queuedAnswers(): number {
    return this.#queuedAnswers;
  }

  /** Writes a frame without payload. */
  control(type: FrameType, flags: number, streamId: number, value: number): void {
    if (this.#closed) return;
    const offset = this.#output.reserve(headerBytes);
    writeHeader(this.#output.bytes, offset, type, flags, streamId, value);
    if (this.blocked) this.#watch();
  }

  /** As `control`, for a frame that the peer asked for. */
  answer(type: FrameType, flags: number, streamId: number, value: number): void {
    if (this.blocked) this.#queuedAnswers++;
    this.control(type, flags, streamId, value);
  }

  /** Writes a data frame whose payload is `chunk`. */
  data(streamId: number, chunk: Uint8Array): void {
    if (this.#closed) return;
    this.#dataHeader(streamId, chunk.length);
    this.#output.append(chunk);
  }

  /** Writes a data frame with `length` bytes from the front of `queue`. */
  dataFrom(streamId: number, queue: SendQueue, length: number): void {
    if (this.#closed) return;
    this.#dataHeader(streamId, length);
    for (let rest = length; rest > 0; ) {
      const piece = queue.take(rest);
      rest -= piece.length;
      this.#output.append(piece);
    }
  }

  /** Lets `sender` send in its turn, as soon as the connection takes bytes. */
  add(sender: Sender): void {
    if (this.#closed) return;
    this.#circle.add(sender);
    if (this.blocked) this.#watch();
    else this.pump();
  }

  remove(sender: Sender): void {
    this.#circle.delete(sender);
  }

  /** To be called from the connection's `onDrain`. */
  drained(): void {
    this.#output.drained();
    this.#queuedAnswers = 0;
    this.#waitingSinceMs = undefined;
    this.pump();
  }

  /** Lets waiting streams send, a frame each and round again, until the connection takes no more. */
  pump(): void {
    // A stream that is told of room writes more at once: that joins the circle which is being served.
    if (this.#pumping) return;
    this.#pumping = true;
    while (!this.blocked && !this.#closed) {
      const sender = this.#circle.values().next().value;
      if (sender === undefined) break;
      this.#circle.delete(sender);
      if (sender.sendNext()) this.#circle.add(sender);
    }
    this.#pumping = false;
    if (this.#circle.size > 0 && this.blocked) this.#watch();
  }

  /** Passes everything written so far to the connection. */
  flush(): void {
    this.#output.flush();
  }

  /** Nothing is written from here on. */
  close(): void {
    this.#closed = true;
    this.#circle.clear();
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #dataHeader(streamId: number, length: number): void {
    const offset = this.#output.reserve(headerBytes);
    writeHeader(this.#output.bytes, offset, frameType.data, 0, streamId, length);
  }

  // One timer serves all waits: it is set when something waits and none is set, and when it comes it looks
  // since when the present wait lasts.
  #watch(): void {
    this.#waitingSinceMs ??= this.#clock.now();
    this.#timer ??= this.#clock.setTimer(this.#writeTimeoutMs, this.#onTimer);
  }

  readonly #onTimer = (): void => {
    this.#timer = undefined;
    if (this.#waitingSinceMs === undefined) return;
    const leftMs = this.#waitingSinceMs + this.#writeTimeoutMs - this.#clock.now();
    if (leftMs > 0) this.#timer = this.#clock.setTimer(leftMs, this.#onTimer);
    else this.#onStuck();
  };
}
