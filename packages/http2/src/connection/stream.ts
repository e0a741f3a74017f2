import { type ErrorCode, Http2Error } from "../errors.ts";
import { maxWindowBytes } from "../frame/settings.ts";
import { asSendable, type HeaderList, type PreparedHeaders, type PreparedList } from "../header-list.ts";
import type { Http2Stream, StreamReceiver } from "../stream-api.ts";
import type { FrameWriter } from "./frame-writer.ts";
import type { ReceiveWindow } from "./receive-window.ts";
import type { SendItem } from "./send-item.ts";
import type { Sender, SendOutcome, SendScheduler } from "./send-scheduler.ts";
import { afterEndReceived, afterEndSent, type StreamState } from "./stream-state.ts";

/** What our side has still to send, as seen by the caller: what it queued counts as sent. */
type LocalPhase = "headers" | "body" | "ended";

/** What a stream needs of its connection. */
export interface StreamHost {
  readonly writer: FrameWriter;
  readonly scheduler: SendScheduler;

  /** Milliseconds on the connection's clock. */
  now(): number;

  /** A frame with content was sent. */
  countUseful(): void;

  /** A stream has begun to queue. */
  watchQueue(): void;

  /** Received data was consumed. */
  released(stream: Stream, bytes: number): void;

  /** Both directions ended regularly. */
  completed(stream: Stream): void;

  /** Our side reset a stream that had number `id` (0 if it never was opened). */
  resetByUs(stream: Stream, id: number, code: ErrorCode): void;
}

const nothing: readonly SendItem[] = [];

/** A stream's state, queue and windows. The connection delivers to it and removes it when it is closed. */
export class Stream implements Http2Stream, Sender {
  readonly #host: StreamHost;
  readonly receiveWindow: ReceiveWindow;
  id = 0;
  state: StreamState = "idle";
  receiver: StreamReceiver;
  /** What the peer allows us to send; negative after it lowered its settings (RFC 9113 §6.9.2). */
  sendWindowBytes = 0;
  /** Received and not yet consumed. */
  unconsumedBytes = 0;
  /** Octets of data still to come by `content-length`, or -1. */
  expectedBytes = -1;
  /** True once the peer's final headers have come (on a server, from the beginning). */
  headersReceived = false;
  /** When something queued last moved, on the connection's clock. */
  progressMs = 0;
  #phase: LocalPhase;
  #items: readonly SendItem[] | SendItem[] = nothing;
  #owesDrain = false;

  constructor(host: StreamHost, receiver: StreamReceiver, receiveWindow: ReceiveWindow, phase: LocalPhase) {
    this.#host = host;
    this.receiver = receiver;
    this.receiveWindow = receiveWindow;
    this.#phase = phase;
  }

  /** True while something waits to be sent. */
  get queued(): boolean {
    return this.#items.length > 0;
  }

  sendHeaders(headers: HeaderList | PreparedHeaders, endStream: boolean): void {
    if (this.state === "closed") return;
    if (this.#phase !== "headers") throw misuse("response headers were sent already", this.id);
    this.#phase = endStream ? "ended" : "body";
    this.#sendHeaders(asSendable(headers), endStream);
  }

  sendTrailers(headers: HeaderList | PreparedHeaders): void {
    if (this.state === "closed") return;
    this.#requireBody();
    this.#phase = "ended";
    this.#sendHeaders(asSendable(headers), true);
  }

  #sendHeaders(headers: HeaderList | PreparedList, endStream: boolean): void {
    if (this.#items.length > 0 || !this.#host.scheduler.clear || this.id === 0) {
      this.#queue({ kind: "headers", headers, endStream });
      return;
    }
    this.#host.writer.headers(this.id, headers, endStream);
    this.#host.countUseful();
    if (endStream) this.#endSent();
  }

  sendData(body: Uint8Array, endStream: boolean, head?: Uint8Array): boolean {
    if (this.state === "closed") return true;
    this.#requireBody();
    if (endStream) this.#phase = "ended";
    const { scheduler, writer } = this.#host;
    const length = body.length + (head === undefined ? 0 : head.length);
    const fits =
      length <= writer.maxFrameBytes && length <= this.sendWindowBytes && length <= scheduler.windowBytes;
    if (fits && this.#items.length === 0 && scheduler.clear && this.id !== 0) {
      writer.data(this.id, head, body, 0, length, endStream);
      this.#tookFromWindows(length);
      if (endStream) this.#endSent();
      return true;
    }
    if (length === 0 && !endStream) return !this.queued;
    this.#queue({ kind: "data", head, body, position: 0, length, endStream });
    if (!this.queued) return true;
    this.#owesDrain = true;
    return false;
  }

  consume(byteCount: number): void {
    const bytes = Math.min(byteCount, this.unconsumedBytes);
    if (bytes <= 0 || this.state === "closed") return;
    this.unconsumedBytes -= bytes;
    this.#host.released(this, bytes);
  }

  reset(code: ErrorCode): void {
    if (this.state === "closed") return;
    const { id } = this;
    this.close();
    this.#host.resetByUs(this, id, code);
  }

  /** Ends the stream without telling anyone: the caller has. */
  close(): void {
    this.state = "closed";
    if (this.queued) this.#host.scheduler.drop(this);
    this.#items = nothing;
    this.#phase = "ended";
  }

  /** Opens a client's stream with its request headers, once it has a number. */
  open(id: number, sendWindowBytes: number, headers: HeaderList | PreparedList, endStream: boolean): void {
    this.id = id;
    this.state = "open";
    this.sendWindowBytes = sendWindowBytes;
    this.#host.writer.headers(id, headers, endStream);
    this.#host.countUseful();
    if (endStream) this.#endSent();
    else if (this.queued) this.#host.scheduler.schedule(this);
  }

  /** The peer's END_STREAM. */
  endReceived(): void {
    this.state = afterEndReceived(this.state);
    if (this.state === "closed") this.#completed();
  }

  /** The peer's WINDOW_UPDATE or new initial window; false if the window exceeds 2^31-1 (§6.9.1). */
  giveSendWindow(bytes: number): boolean {
    this.sendWindowBytes += bytes;
    if (this.sendWindowBytes > maxWindowBytes) return false;
    if (this.queued && this.sendWindowBytes > 0) this.#host.scheduler.schedule(this);
    return true;
  }

  /** Sends the next frame that waits: the scheduler's turn. */
  sendNext(): SendOutcome {
    const item = this.#items[0];
    if (item === undefined) return "waiting";
    if (item.kind === "headers") {
      this.#host.writer.headers(this.id, item.headers, item.endStream);
      this.#host.countUseful();
      this.#finishItem(item.endStream);
    } else {
      const left = item.length - item.position;
      const { scheduler, writer } = this.#host;
      const length = Math.min(left, writer.maxFrameBytes, this.sendWindowBytes, scheduler.windowBytes);
      if (left > 0 && length <= 0) return this.sendWindowBytes > 0 ? "starved" : "waiting";
      const last = length === left;
      writer.data(this.id, item.head, item.body, item.position, length, last && item.endStream);
      item.position += length;
      this.#tookFromWindows(length);
      if (last) this.#finishItem(item.endStream);
    }
    this.progressMs = this.#host.now();
    return this.queued ? "more" : "waiting";
  }

  #finishItem(endStream: boolean): void {
    if (this.#items.length === 1) this.#items = nothing;
    else (this.#items as SendItem[]).shift();
    if (endStream) this.#endSent();
    if (!this.#owesDrain || this.queued || this.state === "closed") return;
    this.#owesDrain = false;
    this.receiver.onDrain();
  }

  #queue(item: SendItem): void {
    if (this.#items.length === 0) {
      this.#items = [item];
      this.progressMs = this.#host.now();
      this.#host.watchQueue();
    } else (this.#items as SendItem[]).push(item);
    if (this.id !== 0) this.#host.scheduler.schedule(this);
  }

  #tookFromWindows(bytes: number): void {
    this.sendWindowBytes -= bytes;
    this.#host.scheduler.take(bytes);
    this.#host.countUseful();
  }

  #endSent(): void {
    this.state = afterEndSent(this.state);
    if (this.state === "closed") this.#completed();
  }

  #completed(): void {
    this.close();
    this.#host.completed(this);
  }

  #requireBody(): void {
    if (this.#phase === "headers") throw misuse("response headers must be sent first", this.id);
    if (this.#phase === "ended") throw misuse("our direction of the stream has ended", this.id);
  }
}

function misuse(message: string, streamId: number): Http2Error {
  return new Http2Error("http2-invalid-use", "INTERNAL_ERROR", message, { facts: { streamId } });
}
