/** The decoder within unbzip2-stream, which can be driven from block to block; it has no types of its own. */
declare module "unbzip2-stream/lib/bzip2.js" {
  import type { BitIterator } from "unbzip2-stream/lib/bit_iterator.js";

  const decoder: {
    /** Reads a stream's header: how many times 100,000 bytes its blocks have at most. */
    header(bits: BitIterator): number;
    /**
     * Decodes one block.
     * @param onByte called with each byte
     * @param table room for a block
     * @returns the stream's CRC so far, or null at the end of a stream whose CRC was right
     */
    decompress(
      bits: BitIterator,
      onByte: (byte: number) => void,
      table: Int32Array,
      tableLength: number,
      crc: number,
    ): number | null;
  };
  export default decoder;
}

declare module "unbzip2-stream/lib/bit_iterator.js" {
  export interface BitIterator {
    readonly bytesRead: number;
  }
  const bitIterator: (nextBuffer: () => Uint8Array) => BitIterator;
  export default bitIterator;
}
