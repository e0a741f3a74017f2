import type { ArchiveEntry } from "./archive-entry.ts";

/** The one program of a compressed file that is no archive: `plugin_linux_amd64.gz` holds `plugin_linux_amd64`. */
export async function* readSingle(
  content: AsyncIterable<Uint8Array>,
  fileName: string,
): AsyncIterable<ArchiveEntry> {
  const name = fileName.replace(/\.[^.]+$/, "");
  yield { name, kind: "file", executable: true, sizeBytes: undefined, content };
}
