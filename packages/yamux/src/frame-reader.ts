import { YamuxError } from "./errors.ts";
import { type FrameHeader, type FrameType, frameType, headerBytes, readUint32 } from "./frame.ts";

/** What a FrameReader hands over. Either callback may throw a YamuxError, which ends the reading. */
export interface FrameSink {
  /** A header has arrived. The object is reused: it is valid during the call only. */
  onFrame(header: Readonly<FrameHeader>): void;

  /** Payload of the data frame last announced, in pieces as they come; a view valid during the call. */
  onPayload(piece: Uint8Array): void;

  /** All payload of the data frame last announced has been handed over (also if it had none). */
  onPayloadEnd(): void;
}

/**
 * Cuts received bytes into frames. Holds no more than one unfinished header: payload is passed on
 * piece by piece as it arrives, whatever length its frame declared.
 */
export class FrameReader {
  readonly #sink: FrameSink;
  readonly #header: FrameHeader = { type: 0, flags: 0, streamId: 0, length: 0 };
  readonly #partial: Uint8Array = new Uint8Array(headerBytes);
  #partialBytes = 0;
  #payloadBytes = 0;
  #stopped = false;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** Ignores everything from here on, also the rest of a chunk being read. */
  stop(): void {
    this.#stopped = true;
  }

  /**
   * Reads a chunk.
   * @throws YamuxError yamux-bad-version, yamux-bad-frame-type, or what the sink throws
   */
  push(chunk: Uint8Array): void {
    let offset = 0;
    while (offset < chunk.length && !this.#stopped) {
      offset += this.#payloadBytes > 0 ? this.#pushPayload(chunk, offset) : this.#pushHeader(chunk, offset);
    }
  }

  #pushPayload(chunk: Uint8Array, offset: number): number {
    const length = Math.min(this.#payloadBytes, chunk.length - offset);
    this.#payloadBytes -= length;
    this.#sink.onPayload(
      offset === 0 && length === chunk.length ? chunk : chunk.subarray(offset, offset + length),
    );
    if (this.#payloadBytes === 0 && !this.#stopped) this.#sink.onPayloadEnd();
    return length;
  }

  #pushHeader(chunk: Uint8Array, offset: number): number {
    if (this.#partialBytes === 0 && chunk.length - offset >= headerBytes) {
      this.#readHeader(chunk, offset);
      return headerBytes;
    }
    const length = Math.min(headerBytes - this.#partialBytes, chunk.length - offset);
    this.#partial.set(chunk.subarray(offset, offset + length), this.#partialBytes);
    this.#partialBytes += length;
    if (this.#partialBytes === headerBytes) {
      this.#partialBytes = 0;
      this.#readHeader(this.#partial, 0);
    }
    return length;
  }

  #readHeader(bytes: Uint8Array, offset: number): void {
    const version = bytes[offset] ?? 0;
    const type = bytes[offset + 1] ?? 0;
    if (version !== 0) throw badVersion(version);
    if (type > frameType.goAway) throw badType(type);
    const header = this.#header;
    header.type = type as FrameType;
    header.flags = ((bytes[offset + 2] ?? 0) << 8) | (bytes[offset + 3] ?? 0);
    header.streamId = readUint32(bytes, offset + 4);
    header.length = readUint32(bytes, offset + 8);
    this.#sink.onFrame(header);
    if (type !== frameType.data || this.#stopped) return;
    this.#payloadBytes = header.length;
    if (header.length === 0) this.#sink.onPayloadEnd();
  }
}

function badVersion(version: number): YamuxError {
  return new YamuxError(
    "yamux-bad-version",
    `the peer sent a frame of protocol version ${version}, expected 0: is the other side speaking yamux?`,
    { facts: { version } },
  );
}

function badType(type: number): YamuxError {
  return new YamuxError(
    "yamux-bad-frame-type",
    `the peer sent a frame of unknown type ${type}, expected 0 to 3`,
    {
      facts: { type },
    },
  );
}
