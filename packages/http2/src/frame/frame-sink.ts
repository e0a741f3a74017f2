import type { ErrorCode } from "../errors.ts";
import type { Goaway } from "./goaway.ts";
import type { Settings } from "./settings.ts";

/**
 * What a FrameReader tells: well-formed frames in order. Byte ranges and views are valid only during the
 * call.
 */
export interface FrameSink {
  /** DATA begins: `flowBytes` with padding count against the windows. Its chunks follow. */
  onDataFrame(streamId: number, flowBytes: number, paddingBytes: number, endStream: boolean): void;

  /** A part of the DATA that began last, possibly empty; `last` with its end, `endStream` with END_STREAM. */
  onDataChunk(chunk: Uint8Array, last: boolean, endStream: boolean): void;

  /** A complete field block, CONTINUATION included. */
  onHeaders(streamId: number, bytes: Uint8Array, start: number, end: number, endStream: boolean): void;

  onPriority(streamId: number): void;
  onRstStream(streamId: number, errorCode: ErrorCode): void;
  onSettings(settings: Settings): void;
  onSettingsAck(): void;
  /** 8 octets at `offset`. */
  onPing(bytes: Uint8Array, offset: number, ack: boolean): void;
  onGoaway(goaway: Goaway): void;
  onWindowUpdate(streamId: number, increment: number): void;

  /** A frame of a type that RFC 9113 does not define: to be ignored (§4.1), and counted. */
  onUnknownFrame(type: number): void;

  /** A frame that is an error of its stream only (§5.4.2). */
  onStreamError(streamId: number, errorCode: ErrorCode, message: string): void;

  /** A violation that ends the connection (§5.4.1). The reader ignores all further bytes. */
  onConnectionError(errorCode: ErrorCode, message: string): void;
}
