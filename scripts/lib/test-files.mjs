import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "./paths.mjs";
import { peerNames, recipe } from "./peers/recipes.mjs";
import { PlainError } from "./say.mjs";

// Folders of conformance/ that hold no tests.
const notAreas = new Set(["dist", "node_modules", "peers", "proto", "support"]);

/**
 * Everything that can be tested by itself: a name, the folders to compile, and where its tests' sources
 * and their compiled files lie. A package and its area of conformance/ have the same name.
 */
export function testParts() {
  const parts = new Map();
  const add = (name, project, folders) => {
    const part = parts.get(name) ?? { name, projects: [], folders: [] };
    part.projects.push(project);
    part.folders.push(...folders);
    parts.set(name, part);
  };
  for (const folder of ["packages", "examples"]) {
    for (const name of foldersOf(folder)) {
      const path = `${folder}/${name}`;
      add(name, path, [
        { kind: folder, source: `${path}/src`, compiled: `${path}/dist` },
        { kind: folder, source: `${path}/test`, compiled: `${path}/dist-test` },
      ]);
    }
  }
  for (const name of foldersOf("conformance").filter((name) => !notAreas.has(name))) {
    const path = `conformance/${name}`;
    add(name, path, [{ kind: "conformance", source: path, compiled: `conformance/dist/${name}` }]);
  }
  if (existsSync(join(root, "bench", "tsconfig.json"))) {
    add("bench", "bench", [{ kind: "bench", source: "bench/src", compiled: "bench/dist" }]);
  }
  return parts;
}

/** The parts with the given names. Throws a PlainError that lists the known names. */
export function chooseParts(names) {
  const parts = testParts();
  const unknown = names.filter((name) => !parts.has(name));
  if (unknown.length > 0) {
    const known = [...parts.keys()].sort().join(", ");
    throw new PlainError(`nothing to test is called ${unknown.join(", ")}. There are: ${known}`);
  }
  return names.length === 0 ? [...parts.values()] : names.map((name) => parts.get(name));
}

/**
 * The compiled test files of some parts: first those of packaging, which take long and need no peers, last those
 * that do, in the order in which the peers are being built meanwhile. They are found by their sources, so that a
 * compiled test whose source is gone does not run.
 */
export function testFiles(parts) {
  const folders = parts.flatMap((part) => part.folders);
  const sorted = [...folders].sort((a, b) => turnOf(a) - turnOf(b));
  return sorted.flatMap(({ source, compiled }) =>
    testSources(source).map((name) => join(root, compiled, name.replace(/\.ts$/, ".js"))),
  );
}

function turnOf({ kind, source }) {
  if (source === "conformance/packaging") return -2;
  if (kind !== "conformance") return -1;
  // An area waits for the last of its peers.
  return peerNames().findLastIndex((name) => recipe(name).areas.includes(basename(source)));
}

function testSources(folder) {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true })
    .filter((name) => name.endsWith(".test.ts"))
    .sort();
}

function foldersOf(folder) {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path).filter((name) => existsSync(join(path, name, "tsconfig.json")));
}
