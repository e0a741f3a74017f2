/**
 * The Huffman code of RFC 7541 appendix B. It is canonical: codes of one length are consecutive, in the
 * order of their symbols, so the lengths alone define it.
 */

/** Bits of the code of each octet 0-255, and of the end-of-string symbol 256. */
export const codeLengths: Uint8Array = Uint8Array.from(
  (
    "13 23 28 28 28 28 28 28 28 24 30 28 28 30 28 28 28 28 28 28 28 28 30 28 28 28 28 28 28 28 28 28 " +
    "6 10 10 12 13 6 8 11 10 10 8 11 8 6 6 6 5 5 5 6 6 6 6 6 6 6 7 8 15 6 12 10 " +
    "13 6 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 8 7 8 13 19 13 14 6 " +
    "15 5 6 5 6 5 6 6 6 5 7 7 6 6 6 5 6 7 6 5 5 6 7 7 7 7 7 15 11 14 13 28 " +
    "20 22 20 20 22 22 22 23 22 23 23 23 23 23 24 23 24 24 22 23 24 23 23 23 23 21 22 23 22 23 23 24 " +
    "22 21 20 22 22 23 23 21 23 22 22 24 21 22 23 23 21 21 22 21 23 22 23 23 20 22 22 22 23 22 22 23 " +
    "26 26 20 19 22 23 22 25 26 26 26 27 27 26 24 25 19 21 26 27 27 26 27 24 21 21 26 26 28 27 27 27 " +
    "20 24 20 21 22 21 21 23 22 22 25 25 24 24 26 23 26 27 26 26 27 27 27 27 27 28 27 27 27 27 27 26 " +
    "30"
  )
    .split(" ")
    .map(Number),
);

/** The symbol that no encoded string may contain. */
export const endOfString = 256;

/** The longest code. */
export const maxCodeBits = 30;

/** Symbols in the order of their codes. */
export const symbolsByCode: Uint16Array = Uint16Array.from(
  [...codeLengths.keys()].sort((a, b) => length(a) - length(b) || a - b),
);

/** Index in `symbolsByCode` of the first symbol whose code has n bits. */
export const firstIndex: Uint16Array = new Uint16Array(maxCodeBits + 2);

/** The first code of n bits. */
export const firstCode: Uint32Array = new Uint32Array(maxCodeBits + 2);

/** Each symbol's code, right-aligned. */
export const codes: Uint32Array = new Uint32Array(endOfString + 1);

for (let bits = 1, code = 0, index = 0; bits <= maxCodeBits + 1; bits++) {
  firstIndex[bits] = index;
  firstCode[bits] = code;
  while (index <= endOfString && length(symbolsByCode[index] as number) === bits) {
    codes[symbolsByCode[index] as number] = code++;
    index++;
  }
  code *= 2;
}

function length(symbol: number): number {
  return codeLengths[symbol] as number;
}
