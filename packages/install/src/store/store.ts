import { mkdir, readdir, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { processStamp } from "@drawbar/io/node";
import { ifPresent, isCode, sweep } from "../exclusive/file-system.ts";
import { type MutexOptions, withMutex } from "../exclusive/process-mutex.ts";
import { type Manifest, readManifest, writeManifest } from "../manifest/manifest.ts";
import { isIntact } from "./installed-digest.ts";
import type { InstalledPlugin } from "./installed-plugin.ts";

/**
 * Installed plugins: `ROOT/NAME/VERSION/os_arch/` with the program and its manifest. A folder appears there whole, by
 * one rename, and its files are not changed afterwards.
 *
 * Where two sources call different things the same version, the second lies in `os_arch-DIGEST` beside the first, so
 * that projects that share a root do not take each other's plugins away.
 */
export class Store {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** Runs `work` while no other process installs or removes the plugin. */
  exclusively<T>(name: string, work: () => Promise<T>, options: MutexOptions): Promise<T> {
    return withMutex(join(this.root, ".busy", name), work, options);
  }

  /** What is installed, of one name or of all, in no order. What has no readable manifest is left out. */
  async list(name?: string): Promise<InstalledPlugin[]> {
    const names = name === undefined ? await foldersIn(this.root) : [name];
    const versions = await each(names.map((name) => join(this.root, name)));
    const places = await each(versions);
    const found = await Promise.all(places.map((place) => installedIn(place).catch(() => undefined)));
    return found.filter((plugin) => plugin !== undefined);
  }

  /**
   * Gives `work` an empty folder that nobody else looks at, and removes what is left of it. Folders of processes that
   * were killed are removed first.
   */
  async staged<T>(work: (folder: string) => Promise<T>): Promise<T> {
    const staging = join(this.root, ".staging");
    await mkdir(staging, { recursive: true, mode: 0o700 });
    await sweep(staging);
    const folder = join(staging, `in.${await processStamp()}`);
    await mkdir(folder, { mode: 0o700 });
    try {
      return await work(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Makes a staged folder an installed plugin, unless the same is installed already. For `exclusively`. */
  async place(staged: string, manifest: Manifest): Promise<InstalledPlugin> {
    await writeManifest(staged, manifest);
    const first = join(this.root, manifest.name, manifest.version, manifest.platform);
    const second = `${first}-${Buffer.from(manifest.digest).toString("hex").slice(-24)}`;
    await mkdir(dirname(first), { recursive: true });
    if (await this.#settle(staged, first, manifest)) return describe(first, manifest);
    if (await this.#settle(staged, second, manifest)) return describe(second, manifest);
    throw new Error(`${second} holds another plugin than its name says`);
  }

  /** For `exclusively`. */
  async remove(plugin: InstalledPlugin): Promise<void> {
    await this.#discard(plugin.folder);
    // Its version's folder, and that of its name, if nothing else is in them.
    for (const folder of [dirname(plugin.folder), dirname(dirname(plugin.folder))]) await removeEmpty(folder);
  }

  /** True once `place` holds the plugin; false where another one of this version is there. */
  async #settle(staged: string, place: string, manifest: Manifest): Promise<boolean> {
    const there = await installedIn(place).catch(() => undefined);
    if (there !== undefined && (await isIntact(there))) return there.digest === manifest.digest;
    // Nothing, or what was damaged after it was installed.
    await this.#discard(place);
    await rename(staged, place);
    return true;
  }

  async #discard(folder: string): Promise<void> {
    const trash = join(this.root, ".staging", `out.${await processStamp()}`);
    await mkdir(dirname(trash), { recursive: true, mode: 0o700 });
    // First out of sight in one piece: a process that is killed meanwhile leaves no half plugin.
    if ((await ifPresent(rename(folder, trash).then(() => true))) === undefined) return;
    await rm(trash, { recursive: true, force: true });
  }
}

/** The plugin in a folder of the store; undefined if there is none. @throws InstallError `bad-manifest` */
async function installedIn(folder: string): Promise<InstalledPlugin | undefined> {
  const manifest = await readManifest(folder);
  return manifest === undefined ? undefined : describe(folder, manifest);
}

function describe(folder: string, manifest: Manifest): InstalledPlugin {
  const { name, version, platform, program, digest, origin, hashes } = manifest;
  return { name, version, platform, folder, program: join(folder, program), digest, origin, hashes };
}

async function each(folders: readonly string[]): Promise<string[]> {
  const below = folders.map(async (folder) => (await foldersIn(folder)).map((name) => join(folder, name)));
  return (await Promise.all(below)).flat();
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = (await ifPresent(readdir(folder, { withFileTypes: true }))) ?? [];
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => name);
}

async function removeEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    if (!isCode(error, "ENOTEMPTY", "EEXIST", "ENOENT")) throw error;
  }
}
