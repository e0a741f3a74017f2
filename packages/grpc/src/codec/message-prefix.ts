/** Bytes before each message: one flag byte and a big-endian length (gRPC over HTTP/2, "Length-Prefixed-Message"). */
export const prefixBytes = 5;

/** The largest length that the prefix can declare. */
export const largestMessageBytes: number = 2 ** 32 - 1;

/** The prefix of a message of `length` bytes. */
export function messagePrefix(length: number, compressed: boolean): Uint8Array {
  const prefix = new Uint8Array(prefixBytes);
  prefix[0] = compressed ? 1 : 0;
  prefix[1] = length >>> 24;
  prefix[2] = length >>> 16;
  prefix[3] = length >>> 8;
  prefix[4] = length;
  return prefix;
}

/** The length that the prefix at `offset` declares. */
export function declaredLength(bytes: Uint8Array, offset: number): number {
  return (
    (bytes[offset + 1] ?? 0) * 0x1000000 +
    (((bytes[offset + 2] ?? 0) << 16) | ((bytes[offset + 3] ?? 0) << 8) | (bytes[offset + 4] ?? 0))
  );
}
