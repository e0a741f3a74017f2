import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { badArchive } from "../archive-failure.ts";

/** Gzip (RFC 1952) by node's zlib, of one member or several; what follows the last one is refused. */
export async function* gunzip(file: string): AsyncIterable<Uint8Array> {
  const { size } = await stat(file);
  const stream = createGunzip({ chunkSize: 256 * 1024 });
  // An error of either stream ends the other, and reaches whoever reads.
  yield* pipeline(createReadStream(file, { highWaterMark: 256 * 1024 }), stream, () => undefined);
  // Zlib stops in silence at what is no further member.
  const extra = size - stream.bytesWritten;
  if (extra !== 0) throw badArchive(`${extra} bytes follow its gzip data`);
}
