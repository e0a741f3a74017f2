import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** OpenSSL's command line in a folder of its own, which `remove` deletes. */
export class OpenSsl {
  readonly #folder: string = mkdtempSync(join(tmpdir(), "drawbar-x509-"));

  /** Writes a file and returns its path. */
  file(name: string, contents: string | Uint8Array): string {
    const path = join(this.#folder, name);
    writeFileSync(path, contents);
    return path;
  }

  /** Reads a file that a command wrote. */
  read(name: string): Uint8Array {
    return Uint8Array.from(readFileSync(join(this.#folder, name)));
  }

  /** Runs `openssl` with arguments, the folder as its own; returns what it printed. Throws if it fails. */
  run(...args: readonly string[]): string {
    return execFileSync("openssl", args, {
      cwd: this.#folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
