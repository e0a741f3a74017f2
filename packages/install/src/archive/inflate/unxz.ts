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
    const { message } = toError(error);
    throw badArchive(
      `its xz data ${faults[message.at(-1) ?? ""] ?? `is damaged or cut (${message})`}`,
      error,
    );
  }
}

// The codes of xz-embedded, which the library puts at the end of its message.
const faults: Readonly<Record<string, string>> = {
  "3": "needs more memory than there is",
  "4": "has a dictionary of more than 64 MiB",
  "6": "uses a filter or a check that is not read here: LZMA2 alone is, with CRC32 or CRC64",
  "7": "is damaged",
  "8": "is cut short, or other bytes follow it",
};
