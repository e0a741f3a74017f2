import { lstatSync, rmdirSync, unlinkSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { SocketAddress } from "@drawbar/io/node";

/**
 * Removes the socket that a plugin left behind, and the folder that a drawbar plugin made for it. Only a
 * socket that came into being after the plugin was started: the path is the plugin's word, and must not be
 * a way to make the host delete others' sockets. Never throws.
 */
export function removeSocket(address: SocketAddress, startedAtMs: number): void {
  if (address.network !== "unix") return;
  try {
    const stat = lstatSync(address.path);
    // Some file systems know no birth time; the change time is the next best.
    const bornAtMs = stat.birthtimeMs || stat.ctimeMs;
    if (!stat.isSocket() || bornAtMs < startedAtMs - clockSlackMs) return;
    unlinkSync(address.path);
    const folder = dirname(address.path);
    if (basename(folder).startsWith("drawbar-")) rmdirSync(folder);
  } catch {
    // Gone already, as it should be, or not ours to remove.
  }
}

// File systems keep coarser times than Date.now() gives.
const clockSlackMs = 50;
