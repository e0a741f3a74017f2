import { createHash, getHashes } from "node:crypto";
import { createReadStream } from "node:fs";
import { InstallError } from "../install-error.ts";

/**
 * The digest of a file's bytes, in lower-case hexadecimal.
 * @param hash `sha256`, `sha512` or another that node's crypto knows
 */
export async function fileDigest(file: string, hash: string, signal?: AbortSignal): Promise<string> {
  if (!getHashes().includes(hash)) {
    throw new InstallError("bad-source", `there is no hash ${JSON.stringify(hash)}; sha256 is the usual one`);
  }
  const digest = createHash(hash);
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024, signal }))
    digest.update(chunk);
  return digest.digest("hex");
}
