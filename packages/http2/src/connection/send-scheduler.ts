import { maxWindowBytes } from "../frame/settings.ts";
import type { FrameWriter } from "./frame-writer.ts";

/** The window of a connection before any update (RFC 9113 §6.9.2). */
export const initialConnectionWindowBytes = 65_535;

/** What a turn led to: more to send, nothing that its own window allows, or the connection's is used up. */
export type SendOutcome = "more" | "waiting" | "starved";

/** A stream, as the scheduler sees it. */
export interface Sender {
  /** The scheduler's own: whether the sender is in its list, and who follows. */
  scheduled: boolean;
  next: Sender | undefined;

  /** Sends one frame. */
  sendNext(): SendOutcome;
}

/**
 * Who may send next. While nothing is in the way, streams write at once; when the connection's window or
 * the byte stream below is the bottleneck, they take turns, a frame each.
 */
export class SendScheduler {
  readonly #writer: FrameWriter;
  #windowBytes = initialConnectionWindowBytes;
  // Streams with something to send, in turn, as a linked list through the streams.
  #first: Sender | undefined;
  #last: Sender | undefined;
  // Streams that wait for the connection's window.
  #starved: Sender[] = [];
  #pumping = false;

  constructor(writer: FrameWriter) {
    this.#writer = writer;
  }

  /** What the connection's window allows. */
  get windowBytes(): number {
    return this.#windowBytes;
  }

  /** True when a stream may write at once, without taking anyone's turn. */
  get clear(): boolean {
    return this.#first === undefined && !this.#writer.blocked;
  }

  take(bytes: number): void {
    this.#windowBytes -= bytes;
  }

  /** Adds the peer's increment; false if the window exceeds 2^31-1 (§6.9.1). */
  give(bytes: number): boolean {
    this.#windowBytes += bytes;
    if (this.#windowBytes > maxWindowBytes) return false;
    const starved = this.#starved;
    this.#starved = [];
    for (const stream of starved) {
      stream.scheduled = false;
      this.#append(stream);
    }
    this.pump();
    return true;
  }

  /** Gives `stream` turns until it has nothing to send or nothing that its own window allows. */
  schedule(stream: Sender): void {
    this.#append(stream);
    this.pump();
  }

  /** Sends what can be sent; to be called also when the byte stream below has drained. */
  pump(): void {
    // What a stream does after its turn may lead here again; the loop below then goes on anyway.
    if (this.#pumping) return;
    this.#pumping = true;
    while (!this.#writer.blocked) {
      const stream = this.#shift();
      if (stream === undefined) break;
      const outcome = stream.sendNext();
      if (outcome === "more") this.#append(stream);
      else if (outcome === "starved") {
        stream.scheduled = true;
        this.#starved.push(stream);
      }
    }
    this.#pumping = false;
  }

  /** Forgets all turns: the connection is over. */
  clearAll(): void {
    this.#first = undefined;
    this.#last = undefined;
    this.#starved = [];
  }

  #append(stream: Sender): void {
    if (stream.scheduled) return;
    stream.scheduled = true;
    stream.next = undefined;
    if (this.#last === undefined) this.#first = stream;
    else this.#last.next = stream;
    this.#last = stream;
  }

  #shift(): Sender | undefined {
    const stream = this.#first;
    if (stream === undefined) return undefined;
    this.#first = stream.next;
    if (this.#first === undefined) this.#last = undefined;
    stream.next = undefined;
    stream.scheduled = false;
    return stream;
  }
}
