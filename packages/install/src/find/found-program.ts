import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { ifPresent } from "../exclusive/file-system.ts";
import type { InstalledPlugin } from "../store/installed-plugin.ts";
import { parseProgramName, platformName } from "../store/program-name.ts";
import type { Store } from "../store/store.ts";

/** A program of a plugin, wherever it lies. */
export interface FoundProgram {
  readonly version: string;
  /** `linux_amd64`; undefined: a file's name does not say it. */
  readonly platform: string | undefined;
  readonly program: string;
  /** Where the store has it; undefined for a file in a plain folder. */
  readonly installed: InstalledPlugin | undefined;
}

/** Every program of a name, in the store and in plain folders, where its file's name tells what it is. */
export async function findPrograms(
  name: string,
  store: Store,
  folders: readonly string[],
): Promise<FoundProgram[]> {
  const installed = (await store.list(name)).map((plugin) => ({ ...plugin, installed: plugin }));
  const plain = await Promise.all(folders.map((folder) => programsIn(folder, name)));
  return [...installed, ...plain.flat()];
}

async function programsIn(folder: string, name: string): Promise<FoundProgram[]> {
  const entries = (await ifPresent(readdir(folder, { withFileTypes: true }))) ?? [];
  return entries.flatMap((entry) => {
    const parsed = entry.isDirectory() ? undefined : parseProgramName(entry.name);
    if (parsed?.name !== name) return [];
    const { version, platform } = parsed;
    const program = join(folder, entry.name);
    return [{ version, platform: platform && platformName(platform), program, installed: undefined }];
  });
}
