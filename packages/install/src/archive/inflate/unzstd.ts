import { createReadStream } from "node:fs";
import { pipeline, Readable, type Transform } from "node:stream";
import * as zlib from "node:zlib";
import { isDrawbarError, toError } from "@drawbar/io";
import { Decompress } from "fzstd";
import { badArchive } from "../archive-failure.ts";
import { zstdPieces } from "./zstd-frames.ts";

/** Zstandard: by node's zlib where it has it (22.15 on), which checks frames' checksums; by fzstd before. */
export async function* unzstd(file: string): AsyncIterable<Uint8Array> {
  const pieces = zstdPieces(createReadStream(file, { highWaterMark: 256 * 1024 }));
  try {
    yield* nativeDecoder === undefined ? inflated(pieces) : nativelyInflated(pieces, nativeDecoder());
  } catch (error) {
    throw isDrawbarError(error)
      ? error
      : badArchive(`its zstd data is damaged (${toError(error).message})`, error);
  }
}

const nativeDecoder: (() => Transform) | undefined =
  "createZstdDecompress" in zlib ? (zlib.createZstdDecompress as () => Transform) : undefined;

async function* nativelyInflated(
  pieces: AsyncIterable<Uint8Array>,
  decoder: Transform,
): AsyncIterable<Uint8Array> {
  yield* pipeline(Readable.from(pieces), decoder, () => undefined);
}

async function* inflated(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const output: Uint8Array[] = [];
  const decoder = new Decompress((chunk) => {
    output.push(chunk);
  });
  for await (const piece of pieces) {
    decoder.push(piece);
    yield* output.splice(0);
  }
}
