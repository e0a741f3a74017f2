import { lstatSync, readdirSync, rmdirSync, unlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { SocketAddress } from "@drawbar/io/node";
import { isFolderName } from "../listen/folder-name.ts";

/**
 * Removes the socket that a plugin left behind, and the folder that a drawbar plugin made for it and for its
 * brokered connections. Only sockets that came into being after the plugin was started: the path is the plugin's
 * word, and must not be a way to make the host delete others' sockets. Never throws.
 */
export function removeSocket(address: SocketAddress, startedAtMs: number): void {
  if (address.network !== "unix") return;
  const folder = dirname(address.path);
  unlinkSocket(address.path, startedAtMs);
  if (!isFolderName(basename(folder))) return;
  try {
    for (const name of readdirSync(folder)) unlinkSocket(join(folder, name), startedAtMs);
    rmdirSync(folder);
  } catch {
    // Gone already, as it should be, or with something in it that is not ours to remove.
  }
}

function unlinkSocket(path: string, startedAtMs: number): void {
  try {
    const stat = lstatSync(path);
    // Some file systems know no birth time; the change time is the next best.
    const bornAtMs = stat.birthtimeMs || stat.ctimeMs;
    if (stat.isSocket() && bornAtMs >= startedAtMs - clockSlackMs) unlinkSync(path);
  } catch {
    // Gone already, as it should be.
  }
}

// File systems keep coarser times than Date.now() gives.
const clockSlackMs = 50;
