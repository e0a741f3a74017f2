import { rmSync } from "node:fs";
import { basename } from "node:path";

/** What the folders of private copies are called; their maker's stamp follows. */
export const copyPrefix = "drawbar-verified.";

/** Names the folder of the private copy that a host started a plugin from. */
export const copyVariable = "DRAWBAR_VERIFIED_COPY";

/**
 * Has the private copy that this program was started from, if there is one, removed with this process's end: a host
 * that was killed cannot. Takes the variable away, for it is not meant for this process's children.
 */
export function removeOwnCopyAtExit(): void {
  const folder = process.env[copyVariable];
  delete process.env[copyVariable];
  if (folder === undefined || !basename(folder).startsWith(copyPrefix)) return;
  process.once("exit", () => {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // The next host that checks a program removes it.
    }
  });
}
