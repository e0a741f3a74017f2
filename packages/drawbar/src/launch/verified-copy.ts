import { constants, rmSync, writeFileSync } from "node:fs";
import { chmod, copyFile, lstat, mkdir, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { ownerHasEnded, processStamp } from "@drawbar/io/node";
import { copyPrefix } from "../terminate/remove-own-copy.ts";
import { checkDigest, type SecureConfig } from "./secure-config.ts";

/**
 * A program's private copy, whose digest was checked: the very bytes that are started, whoever writes to the
 * program's own file meanwhile. It lies in a folder that only this user may enter (mode 0700).
 *
 * The file stays while the program runs: scripts are opened by their path after the start, and many a program of one
 * file opens itself. The folder's name tells which host made it and a name in it which process runs it, so that what
 * is left when both were killed can be told from what is in use.
 */
export class VerifiedCopy {
  readonly path: string;
  readonly folder: string;

  private constructor(folder: string, program: string) {
    this.folder = folder;
    this.path = join(folder, basename(program));
  }

  /**
   * Rejects with `checksum-mismatch`, or with the system's error if no copy can be made; then none is left. Meanwhile
   * the abandoned copies in the same temporary folder are removed.
   */
  static async of(program: string, config: SecureConfig): Promise<VerifiedCopy> {
    const parent = tmpdir();
    const copy = new VerifiedCopy(join(parent, `${copyPrefix}${await processStamp()}`), program);
    const [made] = await Promise.allSettled([copy.#make(program, config), sweepCopies(parent)]);
    if (made.status === "fulfilled") return copy;
    copy.remove();
    throw made.reason;
  }

  /** Notes which process runs it. */
  async runsAs(pid: number): Promise<void> {
    const note = join(this.folder, `process.${await processStamp(pid)}`);
    try {
      writeFileSync(note, "", { mode: 0o400 });
    } catch {
      // Removed already with its process; or the disk is full, and the next host may remove it too early.
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #make(program: string, config: SecureConfig): Promise<void> {
    await mkdir(this.folder, { mode: 0o700 });
    // Shares the blocks on file systems that can.
    await copyFile(program, this.path, constants.COPYFILE_FICLONE);
    await chmod(this.path, 0o500);
    await checkDigest(this.path, program, config);
  }
}

/** Removes this user's copies in a folder whose host and process have both ended. Never rejects. */
async function sweepCopies(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    if (!name.startsWith(copyPrefix) || !(await ownerHasEnded(name))) continue;
    const folder = join(parent, name);
    // Another host may be sweeping too.
    if (await isAbandoned(folder)) await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

async function isAbandoned(folder: string): Promise<boolean> {
  try {
    const { uid } = await lstat(folder);
    // A superuser could remove those of others.
    if (uid !== (process.getuid?.() ?? uid)) return false;
    for (const name of await readdir(folder)) if ((await ownerHasEnded(name)) === false) return false;
    return true;
  } catch {
    return false;
  }
}
