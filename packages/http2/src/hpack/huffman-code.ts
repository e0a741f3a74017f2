/**
 * The Huffman code of RFC 7541 appendix B. It is canonical: codes of one length are consecutive, in the
 * order of their symbols, so the lengths alone define it.
 */

/** Bits of the code of each octet 0-255, and of the end-of-string symbol 256. */
// biome-ignore format: one line for 32 octets
export const codeLengths: Uint8Array = new Uint8Array([
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
  30,
]);

/** The symbol that no encoded string may contain. */
export const endOfString = 256;

/** The longest code. */
export const maxCodeBits = 30;

/** Symbols in the order of their codes. */
export const symbolsByCode: Uint16Array = new Uint16Array(endOfString + 1);

/** Index in `symbolsByCode` of the first symbol whose code has n bits. */
export const firstIndex: Uint16Array = new Uint16Array(maxCodeBits + 2);

/** The first code of n bits. */
export const firstCode: Uint32Array = new Uint32Array(maxCodeBits + 2);

/** Each symbol's code, right-aligned. */
export const codes: Uint32Array = new Uint32Array(endOfString + 1);

function countLengths(): Uint16Array {
  const counts = new Uint16Array(maxCodeBits + 2);
  for (let symbol = 0; symbol <= endOfString; symbol++) {
    const bits = codeLengths[symbol] as number;
    counts[bits] = (counts[bits] as number) + 1;
  }
  return counts;
}

function findFirsts(counts: Uint16Array): void {
  for (let bits = 1, code = 0, index = 0; bits <= maxCodeBits + 1; bits++) {
    const count = counts[bits] as number;
    firstIndex[bits] = index;
    firstCode[bits] = code;
    index += count;
    code = (code + count) * 2;
  }
}

function orderSymbols(): void {
  const next = firstIndex.slice();
  for (let symbol = 0; symbol <= endOfString; symbol++) {
    const bits = codeLengths[symbol] as number;
    const index = next[bits] as number;
    next[bits] = index + 1;
    symbolsByCode[index] = symbol;
    codes[symbol] = (firstCode[bits] as number) + index - (firstIndex[bits] as number);
  }
}

findFirsts(countLengths());
orderSymbols();
