import { lstat, mkdir, readdir, readlink, symlink } from "node:fs/promises";
import { join } from "node:path";
import { InstallError } from "../../install-error.ts";
import { copyFileWithin } from "./copy-file.ts";

/** What a tree may hold. */
export interface TreeBounds {
  readonly maxBytes: number;
  readonly maxEntries: number;
}

interface Progress {
  bytes: number;
  entries: number;
}

/**
 * Copies what is in `from` into the empty folder `to`: files with their execute bits, folders, and links as links.
 * @throws InstallError `too-large`, `refused` for devices and the like, `cancelled`
 */
export async function copyTree(
  from: string,
  to: string,
  bounds: TreeBounds,
  signal: AbortSignal,
  onBytes: (received: number) => void,
): Promise<void> {
  await copyFolder(from, to, bounds, { bytes: 0, entries: 0 }, signal, onBytes);
}

async function copyFolder(
  from: string,
  to: string,
  bounds: TreeBounds,
  progress: Progress,
  signal: AbortSignal,
  onBytes: (received: number) => void,
): Promise<void> {
  for (const name of (await readdir(from)).sort()) {
    if (++progress.entries > bounds.maxEntries)
      throw new InstallError(
        "too-large",
        `${from} and its neighbours hold more than ${bounds.maxEntries} files`,
      );
    const [source, target] = [join(from, name), join(to, name)];
    const stats = await lstat(source);
    if (stats.isDirectory()) {
      await mkdir(target);
      await copyFolder(source, target, bounds, progress, signal, onBytes);
    } else if (stats.isSymbolicLink()) await symlink(await readlink(source), target);
    else if (stats.isFile()) {
      const mode = (stats.mode & 0o111) === 0 ? 0o644 : 0o755;
      const before = progress.bytes;
      await copyFileWithin(source, target, { maxBytes: bounds.maxBytes - before, mode, signal }, (bytes) => {
        progress.bytes = before + bytes;
        onBytes(progress.bytes);
      });
    } else throw new InstallError("refused", `${source} is neither a file, a folder nor a link`);
  }
}
