import { ByteQueue } from "@drawbar/io";
import { errorCodeName } from "../errors.ts";
import { readUint31, readUint32 } from "./bytes.ts";
import { DataPayload } from "./data-payload.ts";
import { FrameError } from "./frame-error.ts";
import { type FrameHeader, frameHeaderBytes, readFrameHeader } from "./frame-header.ts";
import type { FrameSink } from "./frame-sink.ts";
import { frameFlag, frameType } from "./frame-type.ts";
import { readGoaway } from "./goaway.ts";
import { HeaderBlock } from "./header-block.ts";
import { headersBounds, paddingLength } from "./padding.ts";
import { clientPreface } from "./preface.ts";
import { readSettings } from "./settings.ts";

/** What a FrameReader accepts. */
export interface FrameReaderLimits {
  /** Longest payload: what we announced as SETTINGS_MAX_FRAME_SIZE. */
  readonly maxFrameBytes: number;
  /** Longest field block before decoding, over all its CONTINUATION frames. */
  readonly maxHeaderBlockBytes: number;
}

type Phase =
  /** A server waits for the client's preface. */
  | "preface"
  /** The first frame must be SETTINGS. */
  | "settings"
  | "frames"
  /** After an error, or when told to stop. */
  | "stopped";

/**
 * Parses frames in place and checks all that can be checked without knowing streams: lengths, stream
 * identifiers of zero, padding, the order of CONTINUATION. A payload other than DATA is waited for as a
 * whole, after its length was checked; DATA is passed on as it arrives.
 */
export class FrameReader {
  readonly #sink: FrameSink;
  readonly #limits: FrameReaderLimits;
  readonly #queue = new ByteQueue();
  readonly #header: FrameHeader = { length: 0, type: 0, flags: 0, streamId: 0 };
  readonly #data: DataPayload;
  readonly #block: HeaderBlock;
  readonly #isClient: boolean;
  #phase: Phase;

  constructor(sink: FrameSink, limits: FrameReaderLimits, role: "client" | "server") {
    this.#sink = sink;
    this.#limits = limits;
    this.#data = new DataPayload(sink);
    this.#block = new HeaderBlock(limits.maxHeaderBlockBytes);
    this.#isClient = role === "client";
    this.#phase = role === "server" ? "preface" : "settings";
  }

  /** Ignores everything from here on, also the rest of the chunk that is being parsed. */
  stop(): void {
    this.#phase = "stopped";
  }

  /** Parses the next bytes from the peer. Never throws for anything that a peer can send. */
  push(chunk: Uint8Array): void {
    if (this.#phase === "stopped") return;
    const bytes = this.#queue.push(chunk);
    let offset = 0;
    try {
      if (this.#phase === "preface") offset = this.#readPreface(bytes);
      if (this.#phase !== "preface") offset = this.#readFrames(bytes, offset);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.stop();
      this.#sink.onConnectionError(error.errorCode, error.message);
    }
    if (!this.#stopped()) this.#queue.keep(bytes, offset, this.#expectedBytes(bytes, offset));
  }

  // A method, because the callbacks change the phase behind the compiler's back.
  #stopped(): boolean {
    return this.#phase === "stopped";
  }

  #expectedBytes(bytes: Uint8Array, offset: number): number {
    return bytes.length - offset < frameHeaderBytes ? 0 : frameHeaderBytes + this.#header.length;
  }

  #readPreface(bytes: Uint8Array): number {
    const length = Math.min(bytes.length, clientPreface.length);
    for (let i = 0; i < length; i++) {
      if (bytes[i] !== clientPreface[i]) {
        throw new FrameError("PROTOCOL_ERROR", "the peer does not begin with the HTTP/2 client preface");
      }
    }
    if (length < clientPreface.length) return 0;
    this.#phase = "settings";
    return length;
  }

  #readFrames(bytes: Uint8Array, from: number): number {
    let offset = from;
    while (!this.#stopped()) {
      if (this.#data.pending) offset = this.#data.read(bytes, offset);
      if (this.#data.pending || bytes.length - offset < frameHeaderBytes) return offset;
      readFrameHeader(bytes, offset, this.#header);
      this.#checkHeader();
      const next = this.#readFrame(bytes, offset + frameHeaderBytes);
      if (next < 0) return offset;
      offset = next;
    }
    return offset;
  }

  #checkHeader(): void {
    const { length, type, flags, streamId } = this.#header;
    if (length > this.#limits.maxFrameBytes) {
      const message = `frame of ${length} bytes, allowed are ${this.#limits.maxFrameBytes}`;
      throw new FrameError("FRAME_SIZE_ERROR", message);
    }
    if (this.#phase === "settings") {
      if (type !== frameType.settings || (flags & frameFlag.ack) !== 0) {
        throw new FrameError("PROTOCOL_ERROR", `the first frame has type ${type}, expected SETTINGS`);
      }
      this.#phase = "frames";
    }
    if (this.#block.streamId !== 0) {
      if (type !== frameType.continuation || streamId !== this.#block.streamId) {
        throw new FrameError("PROTOCOL_ERROR", `frame of type ${type} inside a field block`);
      }
    }
  }

  // Returns the offset after the frame, or -1 if more bytes are needed. `start` is that of the payload.
  #readFrame(bytes: Uint8Array, start: number): number {
    const { length, type, flags, streamId } = this.#header;
    if (type === frameType.data) return this.#readData(bytes, start);
    if (type === frameType.headers || type === frameType.continuation) this.#block.checkLength(length);
    const end = start + length;
    if (end > bytes.length) return -1;
    switch (type) {
      case frameType.headers:
        this.#readHeaders(bytes, start, end);
        break;
      case frameType.priority:
        this.#readPriority(bytes, start);
        break;
      case frameType.rstStream:
        this.#require(streamId !== 0, "RST_STREAM on stream 0");
        this.#requireLength(4);
        this.#sink.onRstStream(streamId, errorCodeName(readUint32(bytes, start)));
        break;
      case frameType.settings:
        this.#readSettings(bytes, start, end);
        break;
      case frameType.pushPromise:
        // We announce SETTINGS_ENABLE_PUSH 0, and a client may never push (RFC 9113 §6.6, §8.4).
        throw new FrameError("PROTOCOL_ERROR", "PUSH_PROMISE although push is disabled");
      case frameType.ping:
        this.#require(streamId === 0, "PING on a stream");
        this.#requireLength(8);
        this.#sink.onPing(bytes, start, (flags & frameFlag.ack) !== 0);
        break;
      case frameType.goaway:
        this.#require(streamId === 0, "GOAWAY on a stream");
        this.#sink.onGoaway(readGoaway(bytes, start, end));
        break;
      case frameType.windowUpdate:
        this.#requireLength(4);
        this.#readWindowUpdate(readUint31(bytes, start));
        break;
      case frameType.continuation:
        this.#readContinuation(bytes, start, end);
        break;
      default:
        this.#sink.onUnknownFrame(type);
    }
    return end;
  }

  #readData(bytes: Uint8Array, start: number): number {
    const { length, flags, streamId } = this.#header;
    this.#require(streamId !== 0, "DATA on stream 0");
    const endStream = (flags & frameFlag.endStream) !== 0;
    if ((flags & frameFlag.padded) === 0) {
      this.#sink.onDataFrame(streamId, length, 0, endStream);
      this.#data.begin(length, 0, endStream);
      return start;
    }
    if (length < 1) throw new FrameError("FRAME_SIZE_ERROR", "padded DATA without its padding length");
    if (start >= bytes.length) return -1;
    const padding = paddingLength(bytes[start] as number, length);
    this.#sink.onDataFrame(streamId, length, padding + 1, endStream);
    this.#data.begin(length - 1 - padding, padding, endStream);
    return start + 1;
  }

  #readHeaders(bytes: Uint8Array, start: number, end: number): void {
    const { flags, streamId } = this.#header;
    this.#require(streamId !== 0, "HEADERS on stream 0");
    const bounds = headersBounds(bytes, flags, start, end);
    const endStream = (flags & frameFlag.endStream) !== 0;
    if (bounds.dependency === streamId) this.#selfDependency(streamId);
    else if ((flags & frameFlag.endHeaders) === 0) {
      this.#block.begin(streamId, endStream, bytes, bounds.start, bounds.end);
      return;
    }
    this.#sink.onHeaders(streamId, bytes, bounds.start, bounds.end, endStream);
  }

  #readContinuation(bytes: Uint8Array, start: number, end: number): void {
    const { flags, streamId } = this.#header;
    this.#require(
      streamId !== 0 && this.#block.streamId === streamId,
      "CONTINUATION without HEADERS before it",
    );
    this.#block.append(bytes, start, end);
    if ((flags & frameFlag.endHeaders) === 0) return;
    const { endStream } = this.#block;
    const block = this.#block.take();
    this.#sink.onHeaders(streamId, block, 0, block.length, endStream);
  }

  #readPriority(bytes: Uint8Array, start: number): void {
    const { length, streamId } = this.#header;
    this.#require(streamId !== 0, "PRIORITY on stream 0");
    if (length !== 5) {
      this.#sink.onStreamError(streamId, "FRAME_SIZE_ERROR", `PRIORITY of ${length} bytes instead of 5`);
    } else if (readUint31(bytes, start) === streamId) this.#selfDependency(streamId);
    else this.#sink.onPriority(streamId);
  }

  #selfDependency(streamId: number): void {
    this.#sink.onStreamError(streamId, "PROTOCOL_ERROR", "a stream cannot depend on itself");
  }

  #readSettings(bytes: Uint8Array, start: number, end: number): void {
    this.#require(this.#header.streamId === 0, "SETTINGS on a stream");
    if ((this.#header.flags & frameFlag.ack) === 0) {
      const settings = readSettings(bytes, start, end);
      this.#require(
        !this.#isClient || settings.enablePush !== true,
        "a server cannot enable push (RFC 9113 §6.5.2)",
      );
      this.#sink.onSettings(settings);
      return;
    }
    this.#requireLength(0);
    this.#sink.onSettingsAck();
  }

  #readWindowUpdate(increment: number): void {
    const { streamId } = this.#header;
    if (increment > 0) this.#sink.onWindowUpdate(streamId, increment);
    else if (streamId === 0) throw new FrameError("PROTOCOL_ERROR", "WINDOW_UPDATE of 0");
    else this.#sink.onStreamError(streamId, "PROTOCOL_ERROR", "WINDOW_UPDATE of 0");
  }

  #require(holds: boolean, violation: string): void {
    if (!holds) throw new FrameError("PROTOCOL_ERROR", violation);
  }

  #requireLength(expected: number): void {
    const { length, type } = this.#header;
    if (length === expected) return;
    throw new FrameError(
      "FRAME_SIZE_ERROR",
      `frame of type ${type} has ${length} bytes instead of ${expected}`,
    );
  }
}
