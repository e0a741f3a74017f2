import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { toError } from "@drawbar/io";
import { UsageError } from "./usage-error.ts";

/** What a plugin's package.json calls it: a scope is not part of a plugin's name. */
export interface PackageIdentity {
  readonly name: string | undefined;
  readonly version: string | undefined;
}

/** The identity that the package.json in a folder states; without one, nothing. */
export function readPackageIdentity(folder: string): PackageIdentity {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return { name: undefined, version: undefined };
  const { name, version } = parse(file);
  return {
    name: typeof name === "string" ? name.replace(/^@[^/]*\//, "") : undefined,
    version: typeof version === "string" ? version : undefined,
  };
}

function parse(file: string): { readonly name?: unknown; readonly version?: unknown } {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`${file} is no JSON: ${toError(error).message}; mend it`);
  }
}
