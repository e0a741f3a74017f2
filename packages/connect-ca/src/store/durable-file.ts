import { open, readFile, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";

/** The file's content; undefined if there is none. */
export async function readIfPresent(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/**
 * Replaces a file in one step: whenever the process or the machine dies, the old content is there or the
 * new one, and the new one once this resolves. What a death leaves beside it is written over the next time.
 */
export async function replaceFile(path: string, content: Uint8Array): Promise<void> {
  const fresh = `${path}.new`;
  const file = await open(fresh, "w", 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(fresh, path);
  await syncDirectory(dirname(path));
}

/** Removes a file if it is there. */
export async function removeIfPresent(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isCode(error, "ENOENT")) throw error;
  }
}

/** Whether an error of node's has this code, such as `ENOENT`. */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

// A rename is durable once its directory is.
async function syncDirectory(path: string): Promise<void> {
  // Windows neither lets directories be opened nor needs it.
  if (process.platform === "win32") return;
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
