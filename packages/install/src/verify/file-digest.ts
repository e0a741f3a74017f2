import { createHash, getHashes } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { InstallError } from "../install-error.ts";

const mostBytes = 1024 * 1024;

/**
 * The digest of a file's bytes, in lower-case hexadecimal.
 * @param hash `sha256`, `sha512` or another that node's crypto knows
 */
export async function fileDigest(file: string, hash: string, signal?: AbortSignal): Promise<string> {
  if (!getHashes().includes(hash)) {
    throw new InstallError("bad-source", `there is no hash ${JSON.stringify(hash)}; sha256 is the usual one`);
  }
  const digest = createHash(hash);
  const handle = await open(file, "r");
  try {
    for await (const chunk of chunksOf(handle)) {
      signal?.throwIfAborted();
      digest.update(chunk);
    }
  } finally {
    await handle.close();
  }
  return digest.digest("hex");
}

/** Reads a file into two buffers in turn: one is filled while the other is looked at, and nothing is left to collect. */
async function* chunksOf(handle: FileHandle): AsyncIterable<Buffer> {
  const { size } = await handle.stat();
  // One more than there is, so that a small file's end is seen with its bytes.
  const bytes = Math.min(mostBytes, size + 1);
  const read = async (buffer: Buffer): Promise<Buffer> =>
    buffer.subarray(0, (await handle.read(buffer, 0, bytes, null)).bytesRead);
  const [one, other] = [Buffer.allocUnsafe(bytes), Buffer.allocUnsafe(bytes)];
  let next = read(one);
  try {
    for (let turn = 0; ; turn++) {
      const chunk = await next;
      if (chunk.length === 0) return;
      next = read(turn % 2 === 0 ? other : one);
      yield chunk;
    }
  } finally {
    await next.catch(() => {});
  }
}
