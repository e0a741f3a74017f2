import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sourceFolders } from "./recipes.mjs";
import { requireGo, requirePython } from "./toolchains.mjs";

/** What a peer's build depends on, as 16 hex digits: the recipe, its sources, the toolchain, the platform. */
export async function fingerprint(recipe) {
  const hash = createHash("sha256");
  const { areas: _, ...rest } = recipe;
  hash.update(JSON.stringify([rest, process.platform, process.arch, await toolchain(recipe.kind)]));
  if (recipe.kind === "go-module") {
    for (const folder of sourceFolders(recipe)) addFolder(hash, folder);
  }
  return hash.digest("hex").slice(0, 16);
}

async function toolchain(kind) {
  if (kind.startsWith("go-")) return requireGo();
  if (kind === "python-venv") return requirePython();
  return "";
}

function addFolder(hash, folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    hash.update(`${file.slice(folder.length)}\0`);
    hash.update(readFileSync(file));
  }
}
