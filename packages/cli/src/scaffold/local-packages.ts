import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
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

/**
 * Puts drawbar's packages into a project.
 *
 * @param from a checkout of drawbar, which is packed, or a folder of tarballs that were packed before
 */
export async function addLocalPackages(from: string, project: string): Promise<LocalPackage[]> {
  const target = join(project, folderName);
  const tarballs = existsSync(from) ? readdirSync(from).filter((name) => name.endsWith(".tgz")) : [];
  if (tarballs.length > 0) {
    await mkdir(target, { recursive: true });
    for (const name of tarballs) await copyFile(join(from, name), join(target, name));
    return known(tarballs);
  }
  const pack = join(from, "scripts", "pack.mjs");
  if (!existsSync(pack))
    throw new CommandError(
      "source-invalid",
      `${from} is neither a checkout of drawbar nor a folder of its tarballs`,
    );
  await mkdir(target, { recursive: true });
  const { stdout } = await promisify(execFile)(process.execPath, [pack, target], { cwd: from });
  const packed = JSON.parse(stdout) as readonly { readonly tarball: string }[];
  return known(packed.map(({ tarball }) => basename(tarball)));
}

// npm's names for tarballs: `drawbar-grpc-0.1.0.tgz` of `@drawbar/grpc`, `drawbar-0.1.0.tgz` of `drawbar`.
function known(tarballs: readonly string[]): LocalPackage[] {
  return tarballs.flatMap((tarball) => {
    const part = /^drawbar(?:-([a-z][a-z0-9]*))?-\d/.exec(tarball);
    if (part === null) return [];
    return {
      name: part[1] === undefined ? "drawbar" : `@drawbar/${part[1]}`,
      path: `${folderName}/${tarball}`,
    };
  });
}
