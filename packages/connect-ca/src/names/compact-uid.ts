import { randomBytes } from "node:crypto";

/**
 * A short unique word for names: eight random bytes as a signed number in base 36, the first eight
 * characters of it. It can begin with a minus sign.
 */
export function compactUid(random: (size: number) => Uint8Array = randomBytes): string {
  const bytes = random(8);
  const number = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigInt64(0, true);
  return number.toString(36).slice(0, 8);
}
