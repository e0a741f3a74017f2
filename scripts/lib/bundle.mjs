import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { removeOthers, replaceFile } from "./files.mjs";
import { root } from "./paths.mjs";
import { readIfThere } from "./read-if-there.mjs";
import { say } from "./say.mjs";

// What was bundled last, and into what. The examples' executables look for it: before it is there, what they import may
// be missing.
const stamp = join(root, ".bundled");
const tools = [fileURLToPath(import.meta.url), join(root, "node_modules", "esbuild", "package.json")];

/**
 * Joins the compiled files of each package into one file an entry point, and one for each part that is
 * loaded later: node takes about as long to find and link a module as to run it, and a plugin's host waits
 * for all of them. Other packages stay outside, so that a program has one copy of each.
 */
export async function bundle() {
  const started = Date.now();
  const names = readdirSync(join(root, "packages"));
  const compiled = statesOf(names, "dist");
  if (readIfThere(stamp)?.toString() === compiled + statesOf(names, "bundle")) return;
  // Loaded here, because it is not there before the installation.
  const { build } = await import("esbuild");
  await Promise.all(names.map((name) => bundlePackage(build, join(root, "packages", name))));
  writeFileSync(stamp, compiled + statesOf(names, "bundle"));
  say(`bundled ${names.length} packages in ${Date.now() - started} ms`);
}

async function bundlePackage(build, folder) {
  const entries = entriesOf(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
  // A part of the repository may be compiled without the others, and a package without its programs.
  const entryPoints = entries.filter((path) => existsSync(join(folder, path)));
  if (entryPoints.length === 0) return;
  const outdir = join(folder, "bundle");
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints,
    outbase: "dist",
    outdir,
    packages: "external",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    sourcemap: true,
    sourcesContent: false,
    logLevel: "error",
    write: false,
  });
  for (const { path, contents } of outputFiles) replaceFile(path, contents);
  removeOthers(outdir, new Set(outputFiles.map(({ path }) => path)));
}

// What package.json takes from bundle/, as the compiler left it in dist/.
function entriesOf({ exports = {}, bin = {} }) {
  return [...Object.values(exports).map(({ default: path }) => path), ...Object.values(bin)]
    .filter((path) => path.startsWith("./bundle/"))
    .map((path) => path.replace("./bundle/", "./dist/"));
}

// Changes with what the compiler or we wrote last into a folder of each package, with the manifests, and with what
// bundles them. The compiler writes its own notes anew with each program that it writes.
function statesOf(packages, name) {
  const files = packages.flatMap((each) => {
    const folder = join(root, "packages", each, name);
    const found = existsSync(folder) ? readdirSync(folder, { recursive: name === "bundle" }) : [];
    const telling = found.filter((path) => /\.(js|tsbuildinfo)$/.test(path));
    return [join(root, "packages", each, "package.json"), ...telling.map((path) => join(folder, path))];
  });
  const hash = createHash("sha256");
  for (const path of [...tools, ...files]) {
    const { mtimeMs, size } = statSync(path, { throwIfNoEntry: false }) ?? {};
    hash.update(`${path} ${mtimeMs} ${size}\n`);
  }
  return hash.digest("hex");
}
