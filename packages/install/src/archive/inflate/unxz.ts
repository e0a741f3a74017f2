import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { toError } from "@drawbar/io";
import xz from "xz-decompress";
import { badArchive } from "../archive-failure.ts";

/**
 * Xz by xz-embedded compiled to WebAssembly: checks CRC32 and CRC64, reads dictionaries up to 64 MiB and the
 * LZMA2 filter alone. One stream is decoded at a time in a process, others wait.
 */
export async function* unxz(file: string): AsyncIterable<Uint8Array> {
  // Node's own type for web streams and that of the DOM are the same thing by two names.
  const compressed = Readable.toWeb(
    createReadStream(file, { highWaterMark: 256 * 1024 }),
  ) as ReadableStream<Uint8Array>;
  try {
    yield* new xz.XzReadableStream(compressed);
  } catch (error) {
    throw badArchive(`its xz data is damaged or cut (${toError(error).message})`, error);
  }
}
