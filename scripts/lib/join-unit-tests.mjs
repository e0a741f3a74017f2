import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./paths.mjs";

// Of the tests that use a package as its users do, those that leave their process as it was, too: they change no
// working directory, and have no hooks outside of a suite but to remove what they made.
const tidy = [
  /^(packages)\/(gob|grpc|http2|io|netrpc|x509|yamux)\/dist-test\/(?!(?:large-messages|protobuf)\.)/,
  /^(packages)\/(drawbar)\/dist-test\/(?:broken|plugin-kinds|reattach|runner|serve|shutdown|start-failures|stated|testing|upstream-in)/,
  // What unpacks grows, and what grew takes longer to start others.
  /^(packages)\/(install\/dist-test\/archive)\//,
  /^(packages)\/(install)\/dist-test\/(?!plugins\/(?:killed|launch)\.)/,
  /^(packages)\/(cli)\/dist-test\/(?:installed|process|published|release|run)\./,
  /^(conformance)\/dist\/(gob|grpc|http2|install|x509|yamux)\/(?!bulk\.)/,
];
const joined = join(root, "node_modules", ".cache", "drawbar-unit-tests");

/**
 * The same tests in fewer files. What a package tests beside its sources leaves its process as it was, so one file
 * imports all of it, and another one the tidy ones of its other tests: a process for each would take longer to start
 * than its tests to run.
 *
 * @param files compiled test files
 */
export function joinUnitTests(files) {
  const groups = new Map();
  for (const file of files) {
    const key = groupOf(relative(root, file).replaceAll(sep, "/")) ?? file;
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  mkdirSync(joined, { recursive: true });
  return [...groups].map(([key, members]) => (members.length === 1 ? members[0] : importAll(key, members)));
}

function groupOf(path) {
  const [folder, name, compiled] = path.split("/");
  if (folder === "packages" && compiled === "dist") return `${name}.mjs`;
  const [, where, which] = tidy.map((each) => each.exec(path)).find((match) => match !== null) ?? [];
  return where === undefined ? undefined : `${where}-${which.replaceAll("/", "-")}.mjs`;
}

function importAll(name, files) {
  const path = join(joined, name);
  const imports = files.map((file) => `import ${JSON.stringify(pathToFileURL(file).href)};\n`);
  writeFileSync(path, imports.join(""));
  return path;
}
