import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { readIfThere } from "../read-if-there.mjs";
import { run } from "../run.mjs";

const folder = join(root, "node_modules", ".cache", "drawbar-checks");

/**
 * Runs a check, unless it passed last time on the same inputs with the same tools.
 *
 * @param inputs all that the check looks at, or hashes of it
 * @param check resolves with true if it passed
 * @returns whether it was left out
 */
export async function unlessPassed(name, inputs, check) {
  const path = join(folder, name.replaceAll("/", "-"));
  // What is installed, as npm wrote it down.
  const installed = readIfThere(join(root, "node_modules", ".package-lock.json")) ?? "";
  const key = [process.version, ...[installed, ...inputs].map(sha256)].join("\n");
  if (readIfThere(path)?.toString() === key) return true;
  if (await check()) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, key);
  }
  return false;
}

/** A hash of the files of the repository: those that git has, or would have. */
export async function hashOfSources() {
  const listed = await run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
  const files = listed.split("\0").slice(0, -1).sort();
  const lines = files.map((path) => [path, readIfThere(join(root, path))]);
  return sha256(
    lines.flatMap(([path, content]) => (content ? `${path}\0${sha256(content)}\0` : [])).join(""),
  );
}

function sha256(data) {
  return createHash("sha256").update(data).digest("hex");
}
