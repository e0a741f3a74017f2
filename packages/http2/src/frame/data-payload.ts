import type { FrameSink } from "./frame-sink.ts";

type Phase = "none" | "data" | "padding";

/** The rest of a DATA frame whose header has been read: passed on as it arrives, without being kept. */
export class DataPayload {
  readonly #sink: FrameSink;
  #phase: Phase = "none";
  #dataBytes = 0;
  #paddingBytes = 0;
  #endStream = false;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** True from `begin` until the frame has been read to its end. */
  get pending(): boolean {
    return this.#phase !== "none";
  }

  begin(dataBytes: number, paddingBytes: number, endStream: boolean): void {
    this.#phase = "data";
    this.#dataBytes = dataBytes;
    this.#paddingBytes = paddingBytes;
    this.#endStream = endStream;
  }

  /** Takes what `bytes` holds of the frame from `offset` on, and returns the offset after it. */
  read(bytes: Uint8Array, offset: number): number {
    const at = this.#phase === "data" ? this.#readData(bytes, offset) : offset;
    return this.#phase === "padding" ? this.#skipPadding(bytes, at) : at;
  }

  #readData(bytes: Uint8Array, offset: number): number {
    const end = Math.min(bytes.length, offset + this.#dataBytes);
    this.#dataBytes -= end - offset;
    const complete = this.#dataBytes === 0;
    if (!complete && end === offset) return offset;
    // The phase is set before the callback, which may stop the reader.
    if (complete) this.#phase = this.#paddingBytes > 0 ? "padding" : "none";
    this.#sink.onDataChunk(bytes.subarray(offset, end), complete, complete && this.#endStream);
    return end;
  }

  #skipPadding(bytes: Uint8Array, offset: number): number {
    const end = Math.min(bytes.length, offset + this.#paddingBytes);
    this.#paddingBytes -= end - offset;
    if (this.#paddingBytes === 0) this.#phase = "none";
    return end;
  }
}
