import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type UnpackedFile, type UnpackLimits, unpack } from "@drawbar/install";

/** A folder around the one that is unpacked into, in which nothing else may change. */
export interface Scratch extends AsyncDisposable {
  readonly root: string;
  readonly target: string;
  unpack(
    fileName: string,
    bytes: Uint8Array,
    limits?: Partial<UnpackLimits>,
  ): Promise<readonly UnpackedFile[]>;
  /** Fails if there is anything in the root that was not put there, or anything was altered. */
  assertUntouched(): Promise<void>;
}

const witness = "not to be touched";

export async function scratch(): Promise<Scratch> {
  const root = await mkdtemp(join(tmpdir(), "drawbar-unpack-"));
  const archives = join(root, "archives");
  const target = join(root, "deep", "target");
  await mkdir(archives);
  await mkdir(join(root, "deep"));
  await writeFile(join(root, "witness"), witness);
  return {
    root,
    target,
    async unpack(fileName, bytes, limits) {
      const file = join(archives, "archive");
      await writeFile(file, bytes);
      return unpack(file, target, { fileName, limits });
    },
    async assertUntouched() {
      assert.deepEqual((await readdir(root, { recursive: true })).sort(), [
        "archives",
        join("archives", "archive"),
        "deep",
        "witness",
      ]);
      assert.equal(await readFile(join(root, "witness"), "utf8"), witness);
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

/** All that is in a folder: paths with modes and, for files, content. */
export async function listing(folder: string): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const path of (await readdir(folder, { recursive: true })).sort()) {
    const { mode } = await stat(join(folder, path));
    const bits = (mode & 0o7777).toString(8);
    const isFolder = (await stat(join(folder, path))).isDirectory();
    found[path] = isFolder ? bits : `${bits} ${await readFile(join(folder, path), "utf8")}`;
  }
  return found;
}
