import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { run } from "./run.mjs";

// What was packed last, by what it was packed from: npm takes a second for a package, several times in a test run.
const cache = join(root, "node_modules", ".cache", "drawbar-packed");
const oldMs = 60 * 60_000;
// Folders of a package that no package.json publishes.
const unpublished = new Set(["node_modules", "test", "dist-test"]);

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
  const packages = publishedPackages().map((each) => ({
    ...each,
    kept: join(cache, fingerprint(each.folder)),
  }));
  const changed = packages.filter(({ kept }) => !existsSync(kept));
  if (changed.length > 0) await packInto(changed);
  const tarballs = packages.map(({ folder, name, kept }) => {
    const [file] = readdirSync(kept);
    copyFileSync(join(kept, file), join(destination, file));
    return { folder, name, tarball: join(destination, file) };
  });
  removeOld(packages.map(({ kept }) => kept));
  return tarballs;
}

async function packInto(packages) {
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(join(cache, "packing-"));
  try {
    const workspaces = packages.flatMap(({ folder }) => ["--workspace", folder]);
    const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", scratch, ...workspaces];
    const packed = packedByName(JSON.parse(await run("npm", args)));
    for (const { name, kept } of packages) {
      const folder = mkdtempSync(join(scratch, "one-"));
      renameSync(join(scratch, packed.get(name)), join(folder, packed.get(name)));
      if (!existsSync(kept)) renameSync(folder, kept);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

// npm 11 and before give a list, later ones an object keyed by name.
function packedByName(report) {
  return new Map(Object.values(report).map(({ name, filename }) => [name, filename]));
}

function fingerprint(folder) {
  const hash = createHash("sha256");
  for (const path of filesOf(join(root, folder))) {
    hash.update(`${path}\0`);
    hash.update(createHash("sha256").update(readFileSync(path)).digest());
  }
  return hash.digest("hex").slice(0, 32);
}

function filesOf(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return unpublished.has(entry.name) ? [] : filesOf(path);
    return entry.isFile() && !entry.name.endsWith(".tsbuildinfo") ? [path] : [];
  });
}

// Not what another run may be about to use.
function removeOld(current) {
  for (const entry of readdirSync(cache)) {
    const path = join(cache, entry);
    const isOld = Date.now() - statSync(path).mtimeMs > oldMs;
    if (isOld && !current.includes(path)) rmSync(path, { recursive: true, force: true });
  }
}

function readManifest(folder) {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
}
