import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root folder. */
export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

/** Where foreign programs are built: outside the repository, shared by all clones of it. */
export const peerCache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "drawbar", "peers");

/** A tool of the repository's own node_modules. */
export function tool(name) {
  return join(root, "node_modules", ".bin", name);
}
