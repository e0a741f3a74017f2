import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Writes a file unless it holds that already. Programs of the repository may be starting meanwhile: they find the
 * old file or the new one.
 */
export function replaceFile(path, contents, mode = 0o666) {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, contents, { mode });
  renameSync(temporary, path);
}

/** Removes what is in a folder beside some files, given by their whole paths. */
export function removeOthers(folder, wanted) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const isBeingWritten = /\.\d+$/.test(path);
    if (entry.isFile() && !wanted.has(path) && !isBeingWritten) rmSync(path, { force: true });
  }
}
