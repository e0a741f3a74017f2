import { Buffer } from "node:buffer";

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** A `-bin` value as it is sent: base64 without padding. */
export function encodeBinaryValue(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
  const padding = text.indexOf("=");
  return padding === -1 ? text : text.slice(0, padding);
}

/**
 * The values in one `-bin` header: base64 with or without padding, several joined by commas.
 * Undefined when any of them is not base64.
 */
export function decodeBinaryValues(text: string): Uint8Array[] | undefined {
  const values: Uint8Array[] = [];
  for (const part of text.split(",")) {
    const trimmed = part.trim();
    const unpadded = trimmed.replace(/=+$/, "");
    if (!base64.test(trimmed) || unpadded.length % 4 === 1) return undefined;
    const decoded = Buffer.from(unpadded, "base64");
    values.push(new Uint8Array(decoded.buffer, decoded.byteOffset, decoded.length));
  }
  return values;
}
