import { Buffer } from "node:buffer";

// gRPC over HTTP/2, "Status-Message": everything but %x20-%x24 and %x26-%x7E is sent as %XX of UTF-8.
const plain = /^[\x20-\x24\x26-\x7e]*$/;
const hexPair = /^[0-9a-fA-F]{2}$/;

/** A status message as it is sent in `grpc-message`. */
export function percentEncode(text: string): string {
  if (plain.test(text)) return text;
  let encoded = "";
  for (const byte of Buffer.from(text, "utf8")) {
    const isPlain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
    encoded += isPlain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return encoded;
}

/**
 * The text of a received `grpc-message`. Never fails: what is not a valid escape stays as it is, and
 * bytes that are not UTF-8 become U+FFFD.
 */
export function percentDecode(encoded: string): string {
  if (!encoded.includes("%")) return encoded;
  const bytes = Buffer.allocUnsafe(encoded.length);
  let length = 0;
  for (let i = 0; i < encoded.length; i++) {
    const pair = encoded.slice(i + 1, i + 3);
    if (encoded[i] === "%" && hexPair.test(pair)) {
      bytes[length++] = Number.parseInt(pair, 16);
      i += 2;
    } else {
      bytes[length++] = encoded.charCodeAt(i);
    }
  }
  return bytes.utf8Slice(0, length);
}
