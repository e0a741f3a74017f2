import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { run } from "./run.mjs";

/** The packages that are published: every one that is not private, as { folder, name }. */
export function publishedPackages() {
  return readdirSync(join(root, "packages"))
    .map((entry) => join("packages", entry))
    .map((folder) => ({ folder, manifest: readManifest(folder) }))
    .filter(({ manifest }) => !manifest.private)
    .map(({ folder, manifest }) => ({ folder, name: manifest.name }));
}

/** Packs all published packages, compiled before, into `destination`: [{ folder, name, tarball }]. */
export async function packAll(destination) {
  const packages = publishedPackages();
  const workspaces = packages.flatMap(({ folder }) => ["--workspace", folder]);
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", destination, ...workspaces];
  const packed = packedByName(JSON.parse(await run("npm", args)));
  return packages.map(({ folder, name }) => ({ folder, name, tarball: join(destination, packed.get(name)) }));
}

// npm 11 and before give a list, later ones an object keyed by name.
function packedByName(report) {
  return new Map(Object.values(report).map(({ name, filename }) => [name, filename]));
}

function readManifest(folder) {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
}
