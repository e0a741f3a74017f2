import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";

/** A file for an archive. */
export interface ZipSource {
  /** In the archive, with `/`. */
  readonly path: string;
  readonly content: { readonly file: string } | { readonly bytes: Uint8Array };
  readonly executable: boolean;
}

// The first day that a zip archive can have. It is written in local time: so taken, it is the same in all zones.
const firstDay = new Date(1980, 0, 1);

/**
 * Writes a zip archive that depends on names, bytes and modes alone: sorted, with one date for all, without folders.
 * The same files give the same archive, by the same version of node.
 */
export async function writeZip(archive: string, sources: readonly ZipSource[]): Promise<void> {
  const zip = new ZipFile();
  for (const { path, content, executable } of sources.toSorted(byPath)) {
    const options = { mtime: firstDay, forceDosTimestamp: true, mode: executable ? 0o100755 : 0o100644 };
    if ("file" in content) zip.addFile(content.file, path, options);
    else zip.addBuffer(Buffer.from(content.bytes), path, options);
  }
  // A file that cannot be read is told by the archive, and not by the stream that is read from it.
  const failed = new Promise<never>((_, reject) => {
    zip.on("error", reject);
  });
  zip.end();
  await Promise.race([
    pipeline(zip.outputStream, createWriteStream(archive, { flags: "wx", mode: 0o644 })),
    failed,
  ]);
}

function byPath(a: ZipSource, b: ZipSource): number {
  return Buffer.compare(Buffer.from(a.path), Buffer.from(b.path));
}
