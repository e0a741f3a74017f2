import { codec } from "./codec-schema.ts";
import type { Schema } from "./schema.ts";

const version = 1;

/**
 * Go's `big.Int` or `*big.Int`, as a bigint. Zero is sent, so that Go does not see a nil pointer; one
 * that was not sent decodes as 0n (`pointer(bigInt)` tells them apart).
 */
export const bigInt: Schema<bigint> = codec<bigint>({
  name: "Int",
  method: "gob",
  zero: () => 0n,
  // The version and the sign in one byte, then the magnitude.
  encode(value) {
    if (typeof value !== "bigint") throw new TypeError("expected a bigint");
    const digits = value === 0n ? "" : (value < 0n ? -value : value).toString(16);
    const bytes = new Uint8Array(1 + Math.ceil(digits.length / 2));
    bytes[0] = (version << 1) | (value < 0n ? 1 : 0);
    for (let at = bytes.length - 1, end = digits.length; end > 0; at--, end -= 2) {
      bytes[at] = Number.parseInt(digits.slice(Math.max(0, end - 2), end), 16);
    }
    return bytes;
  },
  decode(bytes) {
    const head = bytes[0];
    if (head === undefined) return 0n;
    if (head >> 1 !== version) throw new RangeError(`version ${head >> 1} is not known`);
    let digits = "";
    for (let i = 1; i < bytes.length; i++) digits += (bytes[i] as number).toString(16).padStart(2, "0");
    const magnitude = digits === "" ? 0n : BigInt(`0x${digits}`);
    return head & 1 ? -magnitude : magnitude;
  },
});
