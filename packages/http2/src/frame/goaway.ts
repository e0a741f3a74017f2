import { Buffer } from "node:buffer";
import { type ErrorCode, errorCodeName, errorCodeNumber } from "../errors.ts";
import { readUint31, readUint32, writeUint32 } from "./bytes.ts";
import { FrameError } from "./frame-error.ts";

/** GOAWAY (RFC 9113 §6.8). */
export interface Goaway {
  /** Streams of the receiver above this number were not and will not be processed. */
  readonly lastStreamId: number;
  readonly errorCode: ErrorCode;
  /** Debug data, as text. At most `maxDebugBytes` of it is kept. */
  readonly debugText: string;
}

const fixedBytes = 8;
const maxDebugBytes = 1024;

/** Octets of the payload that `writeGoaway` makes. */
export function goawayLength(goaway: Goaway): number {
  return fixedBytes + Buffer.byteLength(goaway.debugText, "utf8");
}

/** Writes the payload and returns the offset after it. */
export function writeGoaway(target: Uint8Array, offset: number, goaway: Goaway): number {
  writeUint32(target, offset, goaway.lastStreamId);
  writeUint32(target, offset + 4, errorCodeNumber(goaway.errorCode));
  const text = Buffer.from(goaway.debugText, "utf8");
  target.set(text, offset + fixedBytes);
  return offset + fixedBytes + text.length;
}

export function readGoaway(bytes: Uint8Array, start: number, end: number): Goaway {
  if (end - start < fixedBytes) {
    throw new FrameError("FRAME_SIZE_ERROR", `GOAWAY of ${end - start} bytes is shorter than 8`);
  }
  const debugEnd = Math.min(end, start + fixedBytes + maxDebugBytes);
  return {
    lastStreamId: readUint31(bytes, start),
    errorCode: errorCodeName(readUint32(bytes, start + 4)),
    debugText: Buffer.prototype.utf8Slice.call(bytes, start + fixedBytes, debugEnd),
  };
}
