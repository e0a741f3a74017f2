import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { UsageError } from "../usage-error.ts";

/** Looked for in this order where no entry is given. */
export const usualEntries: readonly string[] = [
  "src/plugin.ts",
  "src/plugin.js",
  "src/index.ts",
  "src/index.js",
  "src/main.ts",
];

/** The main module of the plugin in a folder. Throws UsageError if there is none of the usual ones. */
export function usualEntry(cwd: string): string {
  const found = usualEntries.find((path) => existsSync(join(cwd, path)));
  if (found === undefined)
    throw new UsageError(`there is none of ${usualEntries.join(", ")} here; name the plugin's main module`);
  return found;
}

/** The name of the program of a main module: one that is named like any other is named after its package. */
export function outputName(entry: string): string {
  const name = basename(entry, extname(entry));
  if (!["plugin", "index", "main"].includes(name)) return name;
  for (let folder = dirname(entry); folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (!existsSync(file)) continue;
    const { name: packageName } = JSON.parse(readFileSync(file, "utf8")) as { readonly name?: unknown };
    return typeof packageName === "string" ? packageName.replace(/^@[^/]*\//, "") : basename(folder);
  }
  return name;
}
