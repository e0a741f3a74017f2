import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { CommandError } from "../command-error.ts";

/** A package of drawbar as a tarball in a project. */
export interface LocalPackage {
  readonly name: string;
  /** Seen from the project's folder. */
  readonly path: string;
}

// In the project, so that it can be moved and put into version control.
const folderName = ".packages";
const packProgram = join("scripts", "pack.mjs");
// Compiled after all that it stands on.
const ownProgram = join("packages", "cli", "bundle", "bin", "drawbar.js");

/** Where drawbar's packages are taken from: a compiled checkout, or a folder of tarballs that were packed before. */
export type LocalSource =
  | { readonly kind: "checkout"; readonly path: string }
  | { readonly kind: "tarballs"; readonly path: string; readonly names: readonly string[] };

/** What a path holds. Throws CommandError `source-invalid`. */
export function localSource(path: string): LocalSource {
  const names = existsSync(path) ? readdirSync(path).filter((name) => packageOf(name) !== undefined) : [];
  if (names.length > 0) return { kind: "tarballs", path, names };
  if (!existsSync(join(path, packProgram))) {
    throw new CommandError(
      "source-invalid",
      `${path} is neither a checkout of drawbar nor a folder of its tarballs; name one of these`,
    );
  }
  if (!existsSync(join(path, ownProgram)))
    throw new CommandError("source-invalid", `${path} is not compiled; run there: npm run build`);
  return { kind: "checkout", path };
}

/** Puts drawbar's packages into a project's folder. */
export async function addLocalPackages(source: LocalSource, project: string): Promise<LocalPackage[]> {
  const target = join(project, folderName);
  await mkdir(target);
  const names = source.kind === "checkout" ? await pack(source.path, target) : source.names;
  const packages: LocalPackage[] = [];
  for (const file of names) {
    const name = packageOf(file);
    if (name === undefined) await rm(join(target, file));
    else packages.push({ name, path: `${folderName}/${file}` });
    if (source.kind === "tarballs") await copyFile(join(source.path, file), join(target, file));
  }
  return packages;
}

async function pack(checkout: string, target: string): Promise<string[]> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [join(checkout, packProgram), target], {
      cwd: checkout,
    });
    const packed = JSON.parse(stdout) as readonly { readonly tarball: string }[];
    return packed.map(({ tarball }) => basename(tarball));
  } catch (cause) {
    const said = (cause as { readonly stderr?: string }).stderr?.trim() ?? "";
    throw new CommandError("source-invalid", `the packages of ${checkout} cannot be packed: ${said}`, {
      cause,
    });
  }
}

/**
 * The package of a tarball that npm has named: `drawbar-grpc-0.1.0.tgz` of `@drawbar/grpc`, `drawbar-0.1.0.tgz` of
 * `drawbar`; undefined for what no project of ours needs.
 */
function packageOf(tarball: string): string | undefined {
  const part = /^drawbar(?:-([a-z][a-z0-9]*))?-\d.*\.tgz$/.exec(tarball);
  if (part === null) return undefined;
  return part[1] === undefined ? "drawbar" : `@drawbar/${part[1]}`;
}
