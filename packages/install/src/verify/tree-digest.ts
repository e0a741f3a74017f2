import { createHash } from "node:crypto";
import { opendir } from "node:fs/promises";
import { join } from "node:path";
import { InstallError } from "../install-error.ts";
import { fileDigest } from "./file-digest.ts";

/**
 * The digest of a folder's files, `h1:` and base64: "Hash1" of golang.org/x/mod/sumdb/dirhash, which Terraform's
 * lock files have for packages. It covers names and bytes, not modes or times.
 * @param options.except paths relative to the folder, with `/`, that do not count
 * @throws InstallError `unsafe-archive` for what is neither a file nor a folder
 */
export async function treeDigest(
  folder: string,
  options?: { readonly except?: readonly string[] },
): Promise<string> {
  const except = new Set(options?.except);
  const files = new Map<string, string>();
  for await (const path of filesBelow(folder, "")) {
    if (!except.has(path)) files.set(path, await fileDigest(join(folder, path), "sha256"));
  }
  return hash1(files);
}

/** Hash1 of files by their paths, whose SHA-256 is given in hexadecimal. */
export function hash1(files: ReadonlyMap<string, string>): string {
  const digest = createHash("sha256");
  const names = [...files.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const name of names) {
    // The list is lines: Go refuses such a name too.
    if (name.includes("\n")) throw new InstallError("unsafe-archive", "a file has a line break in its name");
    digest.update(`${files.get(name)}  ${name}\n`);
  }
  return `h1:${digest.digest("base64")}`;
}

async function* filesBelow(folder: string, prefix: string): AsyncIterable<string> {
  for await (const entry of await opendir(join(folder, prefix))) {
    const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) yield* filesBelow(folder, path);
    else if (entry.isFile()) yield path;
    else throw neither(path, entry.isSymbolicLink() ? "a symbolic link" : "neither a file nor a folder");
  }
}

function neither(path: string, what: string): InstallError {
  return new InstallError(
    "unsafe-archive",
    `${path} is ${what}, and a plugin may hold nothing but files and folders`,
    { facts: { path } },
  );
}
