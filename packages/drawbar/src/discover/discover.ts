import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { isExecutable } from "../launch/resolve-command.ts";
import { globPattern } from "./glob-pattern.ts";

/**
 * The plugins in a folder: absolute paths of the executable files that match, sorted.
 * An empty list if the folder does not exist; other failures of the system reject.
 *
 * @param glob `*`, `?` and `[a-z]` within a name, as Go's filepath.Glob has them; may name subfolders with `/`
 * @param options executable: false to find files that may not be executed too, as go-plugin's Discover does
 */
export async function discover(
  glob: string,
  dir: string,
  options: { readonly executable?: boolean } = {},
): Promise<string[]> {
  const found: string[] = [];
  for (const path of await walk(
    resolve(dir),
    glob.split("/").filter((part) => part !== ""),
  )) {
    const isFile = (await stat(path).catch(() => undefined))?.isFile() ?? false;
    if (isFile && (options.executable === false || mayBeExecuted(path))) found.push(path);
  }
  return found.sort();
}

async function walk(folder: string, parts: readonly string[]): Promise<string[]> {
  const [part, ...rest] = parts;
  if (part === undefined) return [];
  const pattern = globPattern(part);
  const entries = (await list(folder)).filter((entry) => pattern.test(entry.name));
  if (rest.length === 0) return entries.map((entry) => join(folder, entry.name));
  const below = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink());
  return (await Promise.all(below.map((entry) => walk(join(folder, entry.name), rest)))).flat();
}

async function list(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}

// Windows knows no mode; there the name says it.
function mayBeExecuted(path: string): boolean {
  return process.platform === "win32" ? /\.(exe|cmd|bat|com)$/i.test(path) : isExecutable(path);
}
