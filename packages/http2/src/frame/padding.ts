import { readUint31 } from "./bytes.ts";
import { FrameError } from "./frame-error.ts";
import { frameFlag } from "./frame-type.ts";

/** Octets of padding that a padded frame announces, checked against its length (RFC 9113 §6.1). */
export function paddingLength(firstByte: number, payloadBytes: number): number {
  if (firstByte >= payloadBytes) {
    throw new FrameError("PROTOCOL_ERROR", `padding of ${firstByte} bytes fills a frame of ${payloadBytes}`);
  }
  return firstByte;
}

/** Where the field block of a HEADERS payload begins and ends, after padding and priority (§6.2). */
export interface Bounds {
  start: number;
  end: number;
  /** The stream that this one is said to depend on, or -1 (priorities themselves are not used, §5.3). */
  dependency: number;
}

const priorityBytes = 5;

/** Finds the field block of HEADERS at `start`..`end`. */
export function headersBounds(bytes: Uint8Array, flags: number, start: number, end: number): Bounds {
  const bounds: Bounds = { start, end, dependency: -1 };
  const length = end - start;
  if ((flags & frameFlag.padded) !== 0) {
    if (length < 1) throw new FrameError("FRAME_SIZE_ERROR", "padded HEADERS without its padding length");
    bounds.end -= paddingLength(bytes[start] as number, length);
    bounds.start++;
  }
  if ((flags & frameFlag.priority) !== 0) {
    if (bounds.start + priorityBytes > bounds.end) {
      throw new FrameError("PROTOCOL_ERROR", "padding and priority of HEADERS are longer than the frame");
    }
    bounds.dependency = readUint31(bytes, bounds.start);
    bounds.start += priorityBytes;
  }
  return bounds;
}
