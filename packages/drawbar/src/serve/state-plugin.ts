import { readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { StatedPlugin } from "../protocol/stated-plugin.ts";
import { copyPrefix } from "../terminate/remove-own-copy.ts";
import type { ServeOptions } from "./serve-options.ts";

/**
 * Name and version of this plugin program: those of `serve`, else those of the nearest package.json of its main
 * module. Looked for when a host asks, which few do, and not at the start.
 */
export function statePlugin({ name, version }: Pick<ServeOptions, "name" | "version">): StatedPlugin {
  if (name !== undefined && version !== undefined) return { name, version };
  const own = nearestPackage(process.argv[1]);
  return { name: name ?? own.name, version: version ?? own.version };
}

function nearestPackage(main: string | undefined): StatedPlugin {
  const nothing = { name: undefined, version: undefined };
  if (main === undefined) return nothing;
  try {
    for (let folder = dirname(realpathSync(main)); ; folder = dirname(folder)) {
      // A private copy that was checked before its start lies away from its package.
      if (basename(folder).startsWith(copyPrefix)) return nothing;
      const text = readIfThere(join(folder, "package.json"));
      if (text !== undefined) return stated(JSON.parse(text));
      if (folder === dirname(folder)) return nothing;
    }
  } catch {
    // What cannot be read says nothing; that is no reason for a plugin to fail.
    return nothing;
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function stated(value: unknown): StatedPlugin {
  const { name, version } = (value ?? {}) as { readonly name?: unknown; readonly version?: unknown };
  return {
    name: typeof name === "string" ? name : undefined,
    version: typeof version === "string" ? version : undefined,
  };
}
