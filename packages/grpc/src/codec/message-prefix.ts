/** Bytes before each message: one flag byte and a big-endian length (gRPC over HTTP/2, "Length-Prefixed-Message"). */
export const prefixBytes = 5;

/** The largest length that the prefix can declare. */
export const largestMessageBytes: number = 2 ** 32 - 1;

/** Writes the prefix into the first bytes of `frame`, whose other bytes are the message. */
export function writePrefix(frame: Uint8Array, compressed: boolean): void {
  const length = frame.length - prefixBytes;
  frame[0] = compressed ? 1 : 0;
  frame[1] = length >>> 24;
  frame[2] = length >>> 16;
  frame[3] = length >>> 8;
  frame[4] = length;
}

/** The length that the prefix at `offset` declares. */
export function declaredLength(bytes: Uint8Array, offset: number): number {
  return (
    (bytes[offset + 1] ?? 0) * 0x1000000 +
    (((bytes[offset + 2] ?? 0) << 16) | ((bytes[offset + 3] ?? 0) << 8) | (bytes[offset + 4] ?? 0))
  );
}
