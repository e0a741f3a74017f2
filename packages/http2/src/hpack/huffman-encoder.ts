import { codeLengths, codes } from "./huffman-code.ts";

/** Bytes that latin-1 `text` takes in Huffman code. */
export function huffmanLength(text: string): number {
  let bits = 0;
  for (let i = 0; i < text.length; i++) bits += codeLengths[text.charCodeAt(i)] as number;
  return (bits + 7) >>> 3;
}

/** Writes latin-1 `text` in Huffman code (RFC 7541 §5.2) and returns the offset after it. */
export function writeHuffman(target: Uint8Array, offset: number, text: string): number {
  let at = offset;
  // Up to 7 bits wait in `pending`; a code of up to 30 bits is appended in two steps to stay in 32 bits.
  let pending = 0;
  let pendingBits = 0;
  for (let i = 0; i < text.length; i++) {
    const symbol = text.charCodeAt(i);
    const code = codes[symbol] as number;
    let left = codeLengths[symbol] as number;
    while (left > 0) {
      const take = Math.min(left, 16);
      left -= take;
      pending = (pending << take) | ((code >>> left) & ((1 << take) - 1));
      pendingBits += take;
      while (pendingBits >= 8) {
        pendingBits -= 8;
        target[at++] = pending >>> pendingBits;
      }
      pending &= (1 << pendingBits) - 1;
    }
  }
  if (pendingBits > 0) {
    // Padded with the beginning of the end-of-string code, which is all ones.
    const padBits = 8 - pendingBits;
    target[at++] = (pending << padBits) | ((1 << padBits) - 1);
  }
  return at;
}
