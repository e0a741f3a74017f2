import { createReadStream } from "node:fs";
import type { UnpackBudget } from "../unpack-budget.ts";
import { gunzip } from "./gunzip.ts";

export type Compression = "none" | "gz" | "xz" | "zst" | "bz2";

const chunkBytes = 256 * 1024;

/** A file's bytes inflated, counted against the budget before anybody sees them. */
export async function* inflate(
  compression: Compression,
  file: string,
  budget: UnpackBudget,
): AsyncIterable<Uint8Array> {
  for await (const chunk of await inflated(compression, file)) {
    budget.countBytes(chunk.length);
    if (chunk.length > 0) yield chunk;
  }
}

// The less usual ones are loaded when they are needed: nobody else pays for them.
async function inflated(compression: Compression, file: string): Promise<AsyncIterable<Uint8Array>> {
  switch (compression) {
    case "none":
      return createReadStream(file, { highWaterMark: chunkBytes });
    case "gz":
      return gunzip(file);
    case "xz":
      return (await import("./unxz.ts")).unxz(file);
    case "zst":
      return (await import("./unzstd.ts")).unzstd(file);
    case "bz2":
      return (await import("./bunzip2.ts")).bunzip2(file);
  }
}
