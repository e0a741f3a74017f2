import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../exclusive/file-system.ts";
import { InstallError } from "../install-error.ts";
import { releaseOf } from "../source/sums-finder.ts";
import { fileDigest } from "../verify/file-digest.ts";

/**
 * Writes `NAME_VERSION_SHA256SUMS` for all files of a release that lie in a folder, sorted by name.
 * @param release `NAME_VERSION`
 * @returns the list's path
 */
export async function writeChecksumList(folder: string, release: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => releaseOf(name) === release).sort();
  if (names.length === 0) {
    throw new InstallError(
      "not-found",
      `${folder} has no file named ${release}_OS_ARCH, with .zip or without`,
    );
  }
  const lines: string[] = [];
  for (const name of names) lines.push(`${await fileDigest(join(folder, name), "sha256")}  ${name}\n`);
  const list = join(folder, `${release}_SHA256SUMS`);
  await replaceFile(list, lines.join(""));
  return list;
}
