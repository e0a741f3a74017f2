import { readFileSync } from "node:fs";

/** A file's bytes, or undefined if there is no such file. */
export function readIfThere(path) {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}
