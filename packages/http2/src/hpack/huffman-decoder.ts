import { HpackError } from "./hpack-error.ts";
import {
  codeLengths,
  codes,
  endOfString,
  firstCode,
  firstIndex,
  maxCodeBits,
  symbolsByCode,
} from "./huffman-code.ts";

// Codes of up to this many bits cover nearly everything that headers hold; they take one look-up each.
const fastBits = 9;

// symbol << 4 | bits for every bit pattern that begins with a short code, 0 where the code is longer.
// Built at first use: a program that meets no Huffman string does not pay for it.
let fastTable: Uint16Array | undefined;

function buildFastTable(): Uint16Array {
  const table = new Uint16Array(1 << fastBits);
  for (let symbol = 0; symbol < endOfString; symbol++) {
    const bits = codeLengths[symbol] as number;
    if (bits > fastBits) continue;
    const first = (codes[symbol] as number) << (fastBits - bits);
    table.fill((symbol << 4) | bits, first, first + (1 << (fastBits - bits)));
  }
  fastTable = table;
  return table;
}

/** The most bytes that `encodedBytes` of Huffman code decode to: the shortest code has 5 bits. */
export function maxDecodedLength(encodedBytes: number): number {
  return Math.floor((encodedBytes * 8) / 5);
}

/**
 * Decodes Huffman code at `start`..`end` of `bytes` into `target`, which has room for
 * `maxDecodedLength`, and returns the decoded length. Throws HpackError for the end-of-string symbol and
 * for padding that is not its beginning (RFC 7541 §5.2).
 */
export function readHuffman(bytes: Uint8Array, start: number, end: number, target: Uint8Array): number {
  const table = fastTable ?? buildFastTable();
  let length = 0;
  let window = 0;
  let windowBits = 0;
  let at = start;
  for (;;) {
    while (windowBits <= 16 && at < end) {
      window = ((window << 8) | (bytes[at++] as number)) & 0xffffff;
      windowBits += 8;
    }
    // Missing bits count as ones: so that padding looks like the beginning of the end-of-string code.
    const missing = Math.max(0, fastBits - windowBits);
    const look = ((window << missing) | ((1 << missing) - 1)) >>> Math.max(0, windowBits - fastBits);
    const entry = table[look & ((1 << fastBits) - 1)] as number;
    const bits = entry & 15;
    if (bits !== 0 && bits <= windowBits) {
      target[length++] = entry >>> 4;
      windowBits -= bits;
      continue;
    }
    if (at === end && windowBits < 8 && isPadding(window, windowBits)) return length;
    if (bits !== 0) throw new HpackError("Huffman code ends inside a symbol");
    const found = readLongCode(bytes, at * 8 - windowBits, end * 8);
    target[length++] = found & 0xff;
    const next = at * 8 - windowBits + (found >>> 8);
    at = next >>> 3;
    windowBits = 0;
    if ((next & 7) !== 0) {
      window = bytes[at++] as number;
      windowBits = 8 - (next & 7);
    }
  }
}

function isPadding(window: number, bits: number): boolean {
  const mask = (1 << bits) - 1;
  return (window & mask) === mask;
}

// Bit by bit through the canonical code; returns bits << 8 | symbol.
function readLongCode(bytes: Uint8Array, fromBit: number, endBit: number): number {
  let code = 0;
  for (let bits = 1; bits <= maxCodeBits; bits++) {
    const bit = fromBit + bits - 1;
    if (bit >= endBit) throw new HpackError("Huffman code ends inside a symbol");
    code = code * 2 + (((bytes[bit >>> 3] as number) >>> (7 - (bit & 7))) & 1);
    const index = code - (firstCode[bits] as number) + (firstIndex[bits] as number);
    if (index >= (firstIndex[bits + 1] as number)) continue;
    const symbol = symbolsByCode[index] as number;
    if (symbol === endOfString) throw new HpackError("Huffman code contains the end-of-string symbol");
    return (bits << 8) | symbol;
  }
  throw new HpackError("Huffman code matches no symbol");
}
