import type { ByteReceiver } from "@drawbar/io";
import { flag, frameType, initialWindowBytes } from "./frame.ts";
import type { FrameWriter, Sender } from "./frame-writer.ts";
import type { Settings } from "./options.ts";
import { ReceiveBuffer } from "./receive-buffer.ts";
import { SendQueue } from "./send-queue.ts";
import { isReceiving, isSending, nextState, type StreamEvent, type StreamState } from "./stream-state.ts";
import { bufferLimit, unexpectedFin, windowExceeded, windowOverflow } from "./violations.ts";
import type { YamuxStream } from "./yamux-stream.ts";

/** What a stream needs of its session. */
export interface StreamHost {
  readonly settings: Settings;
  readonly writer: FrameWriter;
  /** Bytes that all streams of the session hold for their readers. */
  bufferedBytes: number;
  /** The stream went from one state to another. */
  moved(stream: SessionStream, from: StreamState, to: StreamState): void;
  /** The application has let go of a stream. */
  released(): void;
  /** A stream was reset from this side: frames that the peer had sent before are still to come. */
  didReset(): void;
  /** Something arrived on a stream that was ended here. */
  heard(stream: SessionStream): void;
}

// Largest data frame sent: what a stream may send before the others have their turn.
const maxFrameBytes = 32 * 1024;

type Delivery = "unstarted" | "flowing" | "paused" | "over";

/** A stream as its session sees it. */
export class SessionStream implements YamuxStream, Sender {
  readonly id: number;
  readonly #host: StreamHost;
  #state: StreamState;
  #receiver: ByteReceiver | undefined;
  #delivery: Delivery = "unstarted";
  #deliveryScheduled = false;
  readonly #received = new ReceiveBuffer();
  #receiveWindow: number = initialWindowBytes;
  #peerEnd: "none" | "received" | "delivered" = "none";
  readonly #queue = new SendQueue();
  #sendWindow: number = initialWindowBytes;
  #ending = false;
  #owesDrain = false;
  #error: Error | undefined;

  constructor(host: StreamHost, id: number, state: "init" | "offered") {
    this.#host = host;
    this.id = id;
    this.#state = state;
  }

  get state(): StreamState {
    return this.#state;
  }

  /** True if bytes wait for a reader that is paused or has not started. */
  get holdsBytes(): boolean {
    return this.#received.length > 0;
  }

  /** True once the application has let go of the stream. */
  get isReleased(): boolean {
    return this.#delivery === "over";
  }

  // ---- the application's side

  start(receiver: ByteReceiver): void {
    if (this.#receiver !== undefined) throw new Error("ByteStream.start: already started");
    this.#receiver = receiver;
    if (this.#delivery === "over") {
      this.#scheduleClose();
      return;
    }
    if (this.#delivery === "unstarted") this.#delivery = "flowing";
    this.#scheduleDelivery();
  }

  pause(): void {
    if (this.#delivery === "flowing" || this.#delivery === "unstarted") this.#delivery = "paused";
  }

  resume(): void {
    if (this.#delivery !== "paused") return;
    this.#delivery = this.#receiver === undefined ? "unstarted" : "flowing";
    this.#scheduleDelivery();
  }

  write(chunk: Uint8Array): boolean {
    if (this.#ending || this.#delivery === "over" || !(isSending(this.#state) || this.#state === "init")) {
      return false;
    }
    const rest = this.#queue.length === 0 && this.#state !== "init" ? this.#sendAtOnce(chunk) : chunk;
    if (rest.length > 0) {
      this.#queue.push(rest);
      this.#requestTurn();
    }
    if (this.#queue.length <= this.#host.settings.highWaterMarkBytes) return true;
    this.#owesDrain = true;
    return false;
  }

  end(): void {
    if (this.#ending || this.#delivery === "over") return;
    this.#ending = true;
    this.#finishIfSent();
  }

  destroy(error?: Error): void {
    if (this.#delivery === "over") return;
    // As TCP has it: bytes dropped on either side make it a reset, so that nobody takes a part for the whole.
    const dropsNothing =
      this.#queue.length === 0 && (this.#received.length === 0 || !isReceiving(this.#state));
    const orderly = error === undefined && dropsNothing && this.#state !== "init";
    this.#abandon(error);
    if (!orderly) this.#reset();
    else if (isSending(this.#state)) this.#sendFin();
    this.#host.released();
  }

  // ---- the session's side

  /** Sends the SYN: the stream's first frame. */
  sendSyn(): void {
    this.#announce(flag.syn);
    this.#move("sendSyn");
    if (this.#queue.length > 0) this.#requestTurn();
    else this.#finishIfSent();
  }

  /** Sends the ACK of a stream that the peer opened. */
  accept(): void {
    this.#announce(flag.ack);
    this.#move("accept");
  }

  /** Resets the stream at both ends, with the error that the application is to see. */
  fail(error: Error): void {
    this.#abandon(error);
    this.#reset();
  }

  /** Any frame on this stream has arrived. */
  receiveFrame(): void {
    this.#move("receive");
    if (this.#state === "localEnded") this.#host.heard(this);
  }

  /**
   * Takes `length` bytes from the window before any of them is kept.
   * @throws YamuxError yamux-window-exceeded
   */
  reserveWindow(length: number): void {
    if (length > this.#receiveWindow) throw windowExceeded(this.id, length, this.#receiveWindow);
    this.#receiveWindow -= length;
  }

  /** Payload that `reserveWindow` has let in. */
  receivePayload(piece: Uint8Array): void {
    if (!isReceiving(this.#state)) return;
    if (this.#delivery === "flowing" && this.#received.length === 0) {
      this.#receiver?.onData(piece);
      this.#credit();
    } else if (this.#delivery !== "over") {
      this.#hold(piece);
    } else if (this.#receiveWindow === 0) {
      // Nobody reads here any more. A short rest is dropped; a peer that would wait for room is told.
      this.#reset();
    }
  }

  /** The peer's FIN. @throws YamuxError yamux-unexpected-fin */
  receiveFin(): void {
    if (this.#state === "closed") return;
    if (!isReceiving(this.#state)) throw unexpectedFin(this.id);
    this.#peerEnd = "received";
    this.#move("receiveFin");
    this.#deliver();
  }

  /** The peer's reset, with the error that the application is to see. */
  receiveReset(error: Error): void {
    this.#abandon(error);
    this.#close();
  }

  /** The session is over: what was received is still delivered, then the error. */
  sessionOver(error: Error | undefined): void {
    this.#error ??= error;
    this.#owesDrain = false;
    this.#close();
    this.#scheduleDelivery();
  }

  /** More room at the peer. @throws YamuxError yamux-window-overflow */
  receiveCredit(bytes: number): void {
    if (this.#sendWindow + bytes > 0xffff_ffff) throw windowOverflow(this.id, bytes, this.#sendWindow);
    this.#sendWindow += bytes;
    if (this.#queue.length > 0) this.#requestTurn();
  }

  sendNext(): boolean {
    this.#credit();
    const length = Math.min(this.#queue.length, this.#sendWindow, maxFrameBytes);
    if (length > 0 && isSending(this.#state)) {
      this.#sendWindow -= length;
      this.#host.writer.dataFrom(this.id, this.#queue, length);
    }
    if (this.#queue.length > 0) return this.#sendWindow > 0;
    this.#finishIfSent();
    this.#tellDrained();
    return false;
  }

  // ---- sending

  #announce(flags: number): void {
    const extra = this.#host.settings.maxStreamWindowBytes - initialWindowBytes;
    this.#host.writer.control(frameType.windowUpdate, flags, this.id, extra);
    this.#receiveWindow += extra;
  }

  // Returns what could not be sent.
  #sendAtOnce(chunk: Uint8Array): Uint8Array {
    const { writer } = this.#host;
    let offset = 0;
    while (offset < chunk.length && this.#sendWindow > 0 && !writer.blocked) {
      const length = Math.min(chunk.length - offset, this.#sendWindow, maxFrameBytes);
      this.#sendWindow -= length;
      writer.data(this.id, length === chunk.length ? chunk : chunk.subarray(offset, offset + length));
      offset += length;
    }
    return offset === 0 ? chunk : chunk.subarray(offset);
  }

  #requestTurn(): void {
    if (this.#sendWindow > 0 && this.#state !== "init") this.#host.writer.add(this);
  }

  #finishIfSent(): void {
    if (this.#ending && this.#queue.length === 0 && isSending(this.#state)) this.#sendFin();
  }

  #sendFin(): void {
    this.#host.writer.control(frameType.windowUpdate, flag.fin, this.id, 0);
    this.#move("sendFin");
    if (this.#state === "closed") this.#scheduleDelivery();
  }

  #tellDrained(): void {
    if (!this.#owesDrain || this.#receiver === undefined || this.#delivery === "over") return;
    this.#owesDrain = false;
    this.#receiver.onDrain();
  }

  // ---- receiving

  #hold(piece: Uint8Array): void {
    const host = this.#host;
    if (host.bufferedBytes + piece.length > host.settings.maxBufferedBytes) {
      this.fail(bufferLimit(this.id, host.settings.maxBufferedBytes));
      return;
    }
    host.bufferedBytes += piece.length;
    this.#received.append(piece);
  }

  // Gives the peer room again once half of the window has been read, as upstream does.
  #credit(): void {
    const { settings, writer } = this.#host;
    if (!isReceiving(this.#state) || this.#delivery === "over") return;
    const delta = settings.maxStreamWindowBytes - this.#received.length - this.#receiveWindow;
    if (delta * 2 < settings.maxStreamWindowBytes) return;
    // A peer that reads nothing gets no credit: neither it nor our queue of updates goes on growing.
    if (writer.blocked) {
      writer.add(this);
      return;
    }
    this.#receiveWindow += delta;
    writer.control(frameType.windowUpdate, 0, this.id, delta);
  }

  #scheduleDelivery(): void {
    if (this.#deliveryScheduled || this.#receiver === undefined) return;
    this.#deliveryScheduled = true;
    queueMicrotask(() => {
      this.#deliveryScheduled = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    const receiver = this.#receiver;
    if (receiver === undefined) return;
    this.#deliverHeld(receiver);
    if (this.#owesDrain && this.#queue.length === 0) this.#tellDrained();
    if (this.#received.length > 0) return;
    if (this.#peerEnd === "received" && this.#delivery === "flowing") {
      this.#peerEnd = "delivered";
      receiver.onEnd();
    }
    // A loss is told also to a reader that is paused; an end in order waits for it to read the end.
    if (this.#state === "closed" && (this.#delivery === "flowing" || this.#error !== undefined)) {
      this.#deliverClose(receiver);
    }
  }

  #deliverHeld(receiver: ByteReceiver): void {
    if (this.#received.length === 0) return;
    while (this.#delivery === "flowing") {
      const piece = this.#received.take();
      if (piece === undefined) break;
      this.#host.bufferedBytes -= piece.length;
      receiver.onData(piece);
    }
    this.#credit();
  }

  // ---- the end

  // Takes the stream away from the application: nothing more is delivered but onClose.
  #abandon(error: Error | undefined): void {
    if (this.#delivery === "over") return;
    this.#delivery = "over";
    this.#error = error;
    this.#host.bufferedBytes -= this.#received.length;
    this.#received.clear();
    if (this.#receiver !== undefined) this.#scheduleClose();
  }

  #deliverClose(receiver: ByteReceiver): void {
    if (this.#delivery === "over") return;
    this.#delivery = "over";
    receiver.onClose(this.#error);
  }

  #scheduleClose(): void {
    queueMicrotask(() => this.#receiver?.onClose(this.#error));
  }

  #reset(): void {
    if (this.#state === "closed") return;
    if (this.#state !== "init") {
      this.#host.writer.control(frameType.windowUpdate, flag.rst, this.id, 0);
      this.#host.didReset();
    }
    this.#close();
  }

  #close(): void {
    this.#queue.clear();
    this.#host.writer.remove(this);
    if (this.#state !== "closed") this.#move("reset");
  }

  #move(event: StreamEvent): void {
    const from = this.#state;
    const to = nextState(from, event);
    if (to === undefined) throw new Error(`yamux stream ${this.id}: ${event} in state ${from}`);
    if (to === from) return;
    this.#state = to;
    this.#host.moved(this, from, to);
  }
}
