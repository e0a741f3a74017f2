import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { isDrawbarError, toError } from "@drawbar/io";
import bitIterator, { type BitIterator } from "unbzip2-stream/lib/bit_iterator.js";
import bzip2 from "unbzip2-stream/lib/bzip2.js";
import { badArchive } from "../archive-failure.ts";

const chunkBytes = 64 * 1024;

/**
 * Bzip2, one stream or several, by the decoder of unbzip2-stream, which checks CRCs. It is driven block by block
 * here and not through its stream, which inflates all that it has been given at once: a small file of many blocks
 * would fill the memory. A block, 900 kB and at most some 46 MB inflated, takes the event loop for its time.
 */
export async function* bunzip2(file: string): AsyncIterable<Uint8Array> {
  const descriptor = openSync(file, "r");
  try {
    const { size } = fstatSync(descriptor);
    const bits = bitIterator(() => nextChunk(descriptor));
    while (bits.bytesRead < size) yield* stream(bits);
  } catch (error) {
    throw isDrawbarError(error)
      ? error
      : badArchive(`its bzip2 data is damaged (${toError(error).message})`, error);
  } finally {
    closeSync(descriptor);
  }
}

async function* stream(bits: BitIterator): AsyncIterable<Uint8Array> {
  const blockBytes = 100_000 * bzip2.header(bits);
  const table = new Int32Array(blockBytes);
  const output = new Output();
  for (let crc: number | null = 0; ; ) {
    crc = bzip2.decompress(bits, (byte) => output.write(byte), table, blockBytes, crc);
    if (crc === null) return;
    yield* output.take();
    await nextTurn();
  }
}

/** One block's bytes, in pieces: nobody knows their number before they are there. */
class Output {
  #full: Uint8Array[] = [];
  #piece = new Uint8Array(chunkBytes);
  #length = 0;

  write(byte: number): void {
    if (this.#length === chunkBytes) {
      this.#full.push(this.#piece);
      this.#piece = new Uint8Array(chunkBytes);
      this.#length = 0;
    }
    this.#piece[this.#length++] = byte;
  }

  take(): readonly Uint8Array[] {
    const taken = [...this.#full, this.#piece.subarray(0, this.#length)];
    this.#full = [];
    this.#piece = new Uint8Array(chunkBytes);
    this.#length = 0;
    return taken;
  }
}

function nextChunk(descriptor: number): Uint8Array {
  const chunk = new Uint8Array(chunkBytes);
  const bytes = readSync(descriptor, chunk);
  if (bytes === 0) throw badArchive("it is cut short");
  return chunk.subarray(0, bytes);
}
