import { HpackError } from "./hpack-error.ts";

/** A position in bytes that are being decoded; nothing at or after `end` is read. */
export interface Cursor {
  bytes: Uint8Array;
  position: number;
  end: number;
}

// Four continuation octets reach 2^28 past any prefix: more than any length or index we could accept.
const maxContinuationBytes = 4;

/**
 * Writes `value` with an N-bit prefix (RFC 7541 §5.1) whose upper bits come from `pattern`, and
 * returns the offset after it. At most 6 bytes.
 */
export function writeInteger(
  target: Uint8Array,
  offset: number,
  prefixBits: number,
  pattern: number,
  value: number,
): number {
  const prefixMax = (1 << prefixBits) - 1;
  let at = offset;
  if (value < prefixMax) {
    target[at++] = pattern | value;
    return at;
  }
  target[at++] = pattern | prefixMax;
  let rest = value - prefixMax;
  while (rest >= 0x80) {
    target[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[at++] = rest;
  return at;
}

/** Reads an integer with an N-bit prefix at the cursor; throws HpackError if cut off or too large. */
export function readInteger(cursor: Cursor, prefixBits: number): number {
  const { bytes, end } = cursor;
  if (cursor.position >= end) throw new HpackError("header block ends where an integer should begin");
  const prefixMax = (1 << prefixBits) - 1;
  const prefix = (bytes[cursor.position++] as number) & prefixMax;
  if (prefix < prefixMax) return prefix;
  let value = prefixMax;
  for (let i = 0; i < maxContinuationBytes; i++) {
    if (cursor.position >= end) throw new HpackError("header block ends inside an integer");
    const byte = bytes[cursor.position++] as number;
    value += (byte & 0x7f) << (7 * i);
    if (byte < 0x80) return value;
  }
  throw new HpackError("integer is longer than any acceptable length or index");
}
