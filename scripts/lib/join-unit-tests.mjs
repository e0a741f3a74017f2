import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./paths.mjs";

const joined = join(root, "node_modules", ".cache", "drawbar-unit-tests");

/**
 * The same tests in fewer files. What a package tests beside its sources leaves its process as it was, so one file
 * imports all of it: a process for each would take longer to start than its tests to run.
 *
 * @param files compiled test files
 */
export function joinUnitTests(files) {
  const groups = new Map();
  for (const file of files) {
    const [folder, name, compiled] = relative(root, file).split(sep);
    const key = folder === "packages" && compiled === "dist" ? `${name}.mjs` : file;
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  mkdirSync(joined, { recursive: true });
  return [...groups].map(([key, members]) => (members.length === 1 ? members[0] : importAll(key, members)));
}

function importAll(name, files) {
  const path = join(joined, name);
  const imports = files.map((file) => `import ${JSON.stringify(pathToFileURL(file).href)};\n`);
  writeFileSync(path, imports.join(""));
  return path;
}
