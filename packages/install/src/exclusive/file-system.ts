import { open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ownerHasEnded, processStamp } from "@drawbar/io/node";

/** True for an error of the system with one of these codes. */
export function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException).code ?? "");
}

/** What `work` gives, or undefined where the file or folder is not there. */
export async function ifPresent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isCode(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}

/**
 * Puts `text` in place of what `path` holds: whoever reads it, and whenever this process or the machine ends, finds
 * the old text or the new one. A symbolic link is replaced by the file.
 */
export async function replaceFile(path: string, text: string | Uint8Array): Promise<void> {
  const folder = dirname(path);
  const draft = join(folder, `.${basename(path)}.${await processStamp()}`);
  try {
    const file = await open(draft, "wx", 0o644);
    try {
      await file.writeFile(text);
      // Without it a machine that loses its power may keep the new name and lose the text.
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/** Removes what processes that have ended left in a folder: entries whose names end in their stamps. */
export async function sweep(folder: string, prefix = ""): Promise<void> {
  for (const name of (await ifPresent(readdir(folder))) ?? []) {
    if (!name.startsWith(prefix) || !(await ownerHasEnded(name))) continue;
    // Another process may be sweeping too.
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => {});
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot, and some network file systems refuse.
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
