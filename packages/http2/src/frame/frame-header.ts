import { readUint31, writeUint32 } from "./bytes.ts";

/** Octets before every frame's payload (RFC 9113 §4.1). */
export const frameHeaderBytes = 9;

/** A frame's header; `length` is that of the payload. Mutable, so that a reader can use one for all. */
export interface FrameHeader {
  length: number;
  type: number;
  flags: number;
  streamId: number;
}

export function readFrameHeader(bytes: Uint8Array, offset: number, header: FrameHeader): void {
  header.length =
    ((bytes[offset] as number) << 16) | ((bytes[offset + 1] as number) << 8) | (bytes[offset + 2] as number);
  header.type = bytes[offset + 3] as number;
  header.flags = bytes[offset + 4] as number;
  header.streamId = readUint31(bytes, offset + 5);
}

/** Writes the 9 octets at `offset` and returns the offset after them. */
export function writeFrameHeader(
  target: Uint8Array,
  offset: number,
  length: number,
  type: number,
  flags: number,
  streamId: number,
): number {
  target[offset] = length >>> 16;
  target[offset + 1] = length >>> 8;
  target[offset + 2] = length;
  target[offset + 3] = type;
  target[offset + 4] = flags;
  writeUint32(target, offset + 5, streamId);
  return offset + frameHeaderBytes;
}
