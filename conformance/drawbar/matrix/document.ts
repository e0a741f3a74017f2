import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

// From conformance/dist/drawbar/matrix, where this file runs.
const path = fileURLToPath(new URL("../../../../docs/conformance.md", import.meta.url));

/** The part of docs/conformance.md between the markers of a name. Throws if it has none. */
export function readSection(name: string): string {
  return split(name)[1];
}

/** Puts a text between the markers of a name in docs/conformance.md. */
export function writeSection(name: string, text: string): void {
  const [before, , after] = split(name);
  writeFileSync(path, `${before}${text}${after}`);
}

function split(name: string): [string, string, string] {
  const document = readFileSync(path, "utf8");
  const [start, end] = [`<!-- ${name} -->\n`, `\n<!-- end of ${name} -->`];
  const from = document.indexOf(start) + start.length;
  const to = document.indexOf(end);
  if (from < start.length || to < from) throw new Error(`docs/conformance.md has no markers for ${name}`);
  return [document.slice(0, from), document.slice(from, to), document.slice(to)];
}
