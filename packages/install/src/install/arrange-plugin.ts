import { chmod, lstat, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { ifPresent } from "../exclusive/file-system.ts";
import { InstallError } from "../install-error.ts";
import { manifestName } from "../manifest/manifest.ts";
import type { Platform } from "../source/platform.ts";
import { folderDigest } from "../store/installed-digest.ts";
import { formatProgramName } from "../store/program-name.ts";
import { fileDigest } from "../verify/file-digest.ts";
import { type ChosenProgram, canBeStarted } from "./choose-program.ts";

/** A plugin's folder, ready to be placed. */
export interface ArrangedPlugin {
  /** Relative to the folder, with `/`. */
  readonly program: string;
  readonly digest: string;
}

/**
 * Makes the program startable. One that stands alone is called `NAME_v1.2.3`, at the top of the folder, and has a
 * digest of its own: what is started is then a private copy whose bytes were checked. One with files beside it that
 * are no documents may need them: it stays where it is, and the digest is that of them all.
 */
export async function arrangePlugin(
  { folder, program }: ChosenProgram,
  name: string,
  version: string,
  platform: Platform,
): Promise<ArrangedPlugin> {
  const path = join(folder, program);
  if (!(await ifPresent(lstat(path)))?.isFile())
    throw notStartable(name, `${program} is no file of the plugin`);
  if (!(await canBeStarted(path))) {
    throw notStartable(
      name,
      `${program} is neither a program nor a script that begins with #! and its interpreter`,
    );
  }
  await chmod(path, 0o755);
  if (!(await standsAlone(folder, program))) return { program, digest: await folderDigest(folder) };
  const ownName = formatProgramName(name, version, platform);
  if (program !== ownName) await rename(path, join(folder, ownName));
  return { program: ownName, digest: `sha256:${await fileDigest(join(folder, ownName), "sha256")}` };
}

const document =
  /^(?:readme|licen[cs]e|changelog|changes|notice|copying|authors|contributing|security|third.?party)|\.(?:md|txt|map|sig|asc|minisig|pdf|html?)$|sha256sums$/i;

async function standsAlone(folder: string, program: string): Promise<boolean> {
  const names = await readdir(folder);
  return names.every((name) => name === program || name === manifestName || document.test(name));
}

function notStartable(name: string, why: string): InstallError {
  return new InstallError("bad-manifest", `plugin ${name} cannot be started: ${why}`, { facts: { name } });
}
