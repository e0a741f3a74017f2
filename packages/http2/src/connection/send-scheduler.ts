import { maxWindowBytes } from "../frame/settings.ts";
import type { FrameWriter } from "./frame-writer.ts";

/** The window of a connection before any update (RFC 9113 §6.9.2). */
export const initialConnectionWindowBytes = 65_535;

/** What a turn led to: more to send, nothing that its own window allows, or the connection's is used up. */
export type SendOutcome = "more" | "waiting" | "starved";

/** A stream, as the scheduler sees it. */
export interface Sender {
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
  // Streams with something to send, in turn.
  readonly #ready = new Set<Sender>();
  // Streams that wait for the connection's window.
  readonly #starved = new Set<Sender>();
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
    return this.#ready.size === 0 && !this.#writer.blocked;
  }

  take(bytes: number): void {
    this.#windowBytes -= bytes;
  }

  /** Adds the peer's increment; false if the window exceeds 2^31-1 (§6.9.1). */
  give(bytes: number): boolean {
    this.#windowBytes += bytes;
    if (this.#windowBytes > maxWindowBytes) return false;
    for (const stream of this.#starved) this.#ready.add(stream);
    this.#starved.clear();
    this.pump();
    return true;
  }

  /** Gives `stream` turns until it has nothing to send or nothing that its own window allows. */
  schedule(stream: Sender): void {
    this.#ready.add(stream);
    this.pump();
  }

  /** Sends what can be sent; to be called also when the byte stream below has drained. */
  pump(): void {
    // What a stream does after its turn may lead here again; the loop below then goes on anyway.
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      // A stream that has more goes to the end, and the iteration comes to it again.
      for (const stream of this.#ready) {
        if (this.#writer.blocked) break;
        this.#ready.delete(stream);
        const outcome = stream.sendNext();
        if (outcome === "more") this.#ready.add(stream);
        else if (outcome === "starved") this.#starved.add(stream);
      }
    } finally {
      this.#pumping = false;
    }
  }

  /** Takes a stream out that has nothing to send any more. */
  drop(stream: Sender): void {
    this.#ready.delete(stream);
    this.#starved.delete(stream);
  }

  /** Forgets all turns: the connection is over. */
  clearAll(): void {
    this.#ready.clear();
    this.#starved.clear();
  }
}
