import { chmod, mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import type { ArchiveEntry } from "./archive-entry.ts";
import { unsafeEntry } from "./archive-failure.ts";
import { entryPath } from "./entry-path.ts";
import { PathClaims } from "./path-claims.ts";
import type { UnpackBudget } from "./unpack-budget.ts";
import type { UnpackLimits } from "./unpack-limits.ts";

/** A file that was unpacked. */
export interface UnpackedFile {
  /** Relative to the folder, with `/` between its parts. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly executable: boolean;
}

/** The only modes that come out of an archive, whatever it asks for. */
const modes = { folder: 0o755, file: 0o644, program: 0o755 } as const;

/** Writes entries into a folder that is empty and ours alone: there is no link in it to be followed. */
export async function writeEntries(
  entries: AsyncIterable<ArchiveEntry>,
  folder: string,
  budget: UnpackBudget,
  limits: UnpackLimits,
): Promise<readonly UnpackedFile[]> {
  const claims = new PathClaims();
  const files: UnpackedFile[] = [];
  for await (const entry of entries) {
    budget.countEntries(1);
    const segments = entryPath(entry.name, limits);
    if (entry.kind === "file" && segments.length === 0) throw unsafeEntry(entry.name, "has no name");
    for (const path of claims.claim(entry.name, segments, entry.kind)) await makeFolder(join(folder, path));
    if (entry.kind === "folder") continue;
    const path = segments.join("/");
    const sizeBytes = await writeFile(join(folder, path), entry, budget);
    files.push({ path, sizeBytes, executable: entry.executable });
  }
  return files;
}

// The mode is set afterwards, since the one that mkdir is given is subject to the umask.
async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { mode: 0o700 });
  await chmod(path, modes.folder);
}

async function writeFile(path: string, entry: ArchiveEntry, budget: UnpackBudget): Promise<number> {
  budget.checkFile(entry.name, entry.sizeBytes ?? 0);
  const handle = await open(path, "wx", 0o600);
  try {
    let written = 0;
    for await (const chunk of entry.content) {
      budget.checkFile(entry.name, written + chunk.length);
      await handle.writev([chunk]);
      written += chunk.length;
    }
    await handle.chmod(entry.executable ? modes.program : modes.file);
    return written;
  } finally {
    await handle.close();
  }
}
