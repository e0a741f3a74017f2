import { Buffer } from "node:buffer";
import { FrameError } from "./frame-error.ts";
import { smallestMaxFrameBytes } from "./settings.ts";

// A peer may cut a block smaller than it must, but not into dust: CONTINUATION frames beyond what the
// longest block needs.
const spareFrames = 16;

/** A field block that is being collected from HEADERS and CONTINUATION frames (RFC 9113 §6.10). */
export class HeaderBlock {
  readonly #maxBytes: number;
  readonly #maxFrames: number;
  #parts: Uint8Array[] = [];
  #bytes = 0;
  #streamId = 0;
  #endStream = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#maxFrames = Math.ceil(maxBytes / smallestMaxFrameBytes) + spareFrames;
  }

  /** The stream whose block is incomplete, or 0. */
  get streamId(): number {
    return this.#streamId;
  }

  get endStream(): boolean {
    return this.#endStream;
  }

  /** Throws FrameError if a frame of that length makes the block too long; to be asked before waiting for it. */
  checkLength(frameBytes: number): void {
    if (this.#bytes + frameBytes <= this.#maxBytes) return;
    throw new FrameError(
      "ENHANCE_YOUR_CALM",
      `field block is longer than the ${this.#maxBytes} bytes allowed`,
    );
  }

  begin(streamId: number, endStream: boolean, bytes: Uint8Array, start: number, end: number): void {
    this.#streamId = streamId;
    this.#endStream = endStream;
    this.append(bytes, start, end);
  }

  append(bytes: Uint8Array, start: number, end: number): void {
    if (this.#parts.length >= this.#maxFrames) {
      const message = `field block comes in more than ${this.#maxFrames} frames`;
      throw new FrameError("ENHANCE_YOUR_CALM", message);
    }
    this.#parts.push(new Uint8Array(bytes.subarray(start, end)));
    this.#bytes += end - start;
  }

  /** The complete block; the collection is empty afterwards. */
  take(): Uint8Array {
    const block = Buffer.concat(this.#parts, this.#bytes);
    this.#parts = [];
    this.#bytes = 0;
    this.#streamId = 0;
    return block;
  }
}
