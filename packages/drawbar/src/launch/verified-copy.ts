import { constants, mkdtempSync, rmSync } from "node:fs";
import { chmod, copyFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { checkDigest, type SecureConfig } from "./secure-config.ts";

/**
 * A program's private copy, whose digest was checked: the very bytes that are started, whoever writes to the
 * program's own file meanwhile. It lies in a folder that only this user may enter (mode 0700).
 */
export class VerifiedCopy {
  readonly path: string;
  readonly #folder: string;

  private constructor(folder: string, program: string) {
    this.#folder = folder;
    this.path = join(folder, basename(program));
  }

  /** Rejects with `checksum-mismatch`, or with the system's error if no copy can be made; then none is left. */
  static async of(program: string, config: SecureConfig): Promise<VerifiedCopy> {
    const copy = new VerifiedCopy(mkdtempSync(join(tmpdir(), "drawbar-verified-")), program);
    try {
      // Shares the blocks on file systems that can.
      await copyFile(program, copy.path, constants.COPYFILE_FICLONE);
      await chmod(copy.path, 0o500);
      await checkDigest(copy.path, program, config);
      return copy;
    } catch (error) {
      copy.remove();
      throw error;
    }
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
