/**
 * The yamux frame header: 12 bytes, big-endian (hashicorp/yamux spec.md, "Framing").
 *
 * | offset | 0 | 1 | 2..3 | 4..7 | 8..11 |
 * |---|---|---|---|---|---|
 * | | version (0) | type | flags | stream id | length |
 *
 * Only a data frame is followed by bytes; elsewhere the length field is the value itself.
 */
export interface FrameHeader {
  type: FrameType;
  flags: number;
  streamId: number;
  /** Payload bytes of a data frame; delta of a window update; a ping's value; a go-away's code. */
  length: number;
}

/** Bytes of a header. */
export const headerBytes = 12;

/** Frame types. */
export const frameType = { data: 0, windowUpdate: 1, ping: 2, goAway: 3 } as const;

/** One of `frameType`. */
export type FrameType = 0 | 1 | 2 | 3;

/** Header flags, which may be combined. Unknown bits are ignored, as upstream does. */
export const flag = { syn: 1, ack: 2, fin: 4, rst: 8 } as const;

/** Why a session goes away: the length field of a go-away frame. */
export const goAwayCode = { normal: 0, protocolError: 1, internalError: 2 } as const;

/** The window that both sides assume for a new stream, before any update. */
export const initialWindowBytes: number = 256 * 1024;

/** Writes a header at `offset`; `bytes` must have room for 12 bytes there. */
export function writeHeader(
  bytes: Uint8Array,
  offset: number,
  type: FrameType,
  flags: number,
  streamId: number,
  length: number,
): void {
  bytes[offset] = 0;
  bytes[offset + 1] = type;
  bytes[offset + 2] = flags >>> 8;
  bytes[offset + 3] = flags;
  writeUint32(bytes, offset + 4, streamId);
  writeUint32(bytes, offset + 8, length);
}

function writeUint32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 24;
  bytes[offset + 1] = value >>> 16;
  bytes[offset + 2] = value >>> 8;
  bytes[offset + 3] = value;
}

/** The big-endian unsigned 32-bit number at `offset`, which must be within `bytes`. */
export function readUint32(bytes: Uint8Array, offset: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = [
    bytes[offset],
    bytes[offset + 1],
    bytes[offset + 2],
    bytes[offset + 3],
  ];
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}
