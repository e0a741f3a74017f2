import { rmdirSync } from "node:fs";
import { basename } from "node:path";

/** What the folders are called that hosts make for the sockets of one plugin each; six characters follow. */
export const hostFolderPrefix = "drawbar-host-";

/**
 * Removes the folder that a host has made for a plugin's sockets and can remove no more, if it is empty. Not one that a
 * host of another make, or a person, has chosen. Never throws.
 */
export function removeHostFolder(path: string): void {
  if (!basename(path).startsWith(hostFolderPrefix)) return;
  try {
    rmdirSync(path);
  } catch {
    // Gone already, or with something in it that is not ours to remove.
  }
}
