import type { OutputBuffer } from "@drawbar/io";
import { type ErrorCode, errorCodeNumber } from "../errors.ts";
import { writeUint32 } from "../frame/bytes.ts";
import { frameHeaderBytes, writeFrameHeader } from "../frame/frame-header.ts";
import { frameFlag, frameType } from "../frame/frame-type.ts";
import { type Goaway, goawayLength, writeGoaway } from "../frame/goaway.ts";
import { type Settings, settingsLength, smallestMaxFrameBytes, writeSettings } from "../frame/settings.ts";
import type { HeaderList, PreparedList } from "../header-list.ts";
import type { HpackEncoder } from "../hpack/encoder.ts";

/** Encodes frames into the connection's output. Knows nothing of streams but their numbers. */
export class FrameWriter {
  readonly #out: OutputBuffer;
  readonly #encoder: HpackEncoder;
  /** The peer's SETTINGS_MAX_FRAME_SIZE. */
  maxFrameBytes: number = smallestMaxFrameBytes;

  constructor(out: OutputBuffer, encoder: HpackEncoder) {
    this.#out = out;
    this.#encoder = encoder;
  }

  /** True while the stream below asks us to wait. */
  get blocked(): boolean {
    return this.#out.blocked;
  }

  raw(bytes: Uint8Array): void {
    this.#out.append(bytes);
  }

  flush(): void {
    this.#out.flush();
  }

  settings(settings: Settings): void {
    const offset = this.#begin(settingsLength(settings), frameType.settings, 0, 0);
    writeSettings(this.#out.bytes, offset, settings);
  }

  settingsAck(): void {
    this.#begin(0, frameType.settings, frameFlag.ack, 0);
  }

  /** PING with the 8 octets at `offset` of `opaque`. */
  ping(opaque: Uint8Array, offset: number, ack: boolean): void {
    const at = this.#begin(8, frameType.ping, ack ? frameFlag.ack : 0, 0);
    const target = this.#out.bytes;
    for (let i = 0; i < 8; i++) target[at + i] = opaque[offset + i] as number;
  }

  goaway(goaway: Goaway): void {
    const offset = this.#begin(goawayLength(goaway), frameType.goaway, 0, 0);
    writeGoaway(this.#out.bytes, offset, goaway);
  }

  rstStream(streamId: number, code: ErrorCode): void {
    const offset = this.#begin(4, frameType.rstStream, 0, streamId);
    writeUint32(this.#out.bytes, offset, errorCodeNumber(code));
  }

  windowUpdate(streamId: number, increment: number): void {
    const offset = this.#begin(4, frameType.windowUpdate, 0, streamId);
    writeUint32(this.#out.bytes, offset, increment);
  }

  /** HEADERS, with CONTINUATION where the block is longer than a frame. */
  headers(streamId: number, headers: HeaderList | PreparedList, endStream: boolean): void {
    const block = this.#encoder.encode(headers);
    const length = block.length;
    const endFlag = endStream ? frameFlag.endStream : 0;
    if (length > this.maxFrameBytes) {
      this.#longHeaders(streamId, block, endFlag);
      return;
    }
    const offset = this.#begin(length, frameType.headers, endFlag | frameFlag.endHeaders, streamId);
    copy(this.#out.bytes, offset, block, 0, length);
  }

  #longHeaders(streamId: number, block: Uint8Array, endFlag: number): void {
    for (let from = 0; from < block.length; from += this.maxFrameBytes) {
      const length = Math.min(this.maxFrameBytes, block.length - from);
      const type = from === 0 ? frameType.headers : frameType.continuation;
      const last = from + length === block.length ? frameFlag.endHeaders : 0;
      const offset = this.#begin(length, type, last | (from === 0 ? endFlag : 0), streamId);
      copy(this.#out.bytes, offset, block, from, length);
    }
  }

  /** DATA with `length` octets from `position` on of `head` followed by `body`. */
  data(
    streamId: number,
    head: Uint8Array | undefined,
    body: Uint8Array,
    position: number,
    length: number,
    endStream: boolean,
  ): void {
    const headLength = head === undefined ? 0 : head.length;
    const fromHead = position < headLength ? Math.min(length, headLength - position) : 0;
    const bodyLength = length - fromHead;
    const bodyStart = position + fromHead - headLength;
    let at = this.#out.reserve(frameHeaderBytes + length);
    const target = this.#out.bytes;
    at = writeFrameHeader(target, at, length, frameType.data, endStream ? frameFlag.endStream : 0, streamId);
    if (head !== undefined && fromHead > 0) copy(target, at, head, position, fromHead);
    if (bodyLength > 0) copy(target, at + fromHead, body, bodyStart, bodyLength);
  }

  // Returns the offset of the payload.
  #begin(length: number, type: number, flags: number, streamId: number): number {
    const offset = this.#out.reserve(frameHeaderBytes + length);
    return writeFrameHeader(this.#out.bytes, offset, length, type, flags, streamId);
  }
}

// A view costs more than a short loop.
const loopBytes = 48;

function copy(target: Uint8Array, at: number, source: Uint8Array, start: number, length: number): void {
  if (length <= loopBytes) {
    for (let i = 0; i < length; i++) target[at + i] = source[start + i] as number;
  } else if (length === source.length) target.set(source, at);
  else target.set(source.subarray(start, start + length), at);
}
