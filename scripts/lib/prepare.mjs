import { join } from "node:path";
import { build } from "./build.mjs";
import { install } from "./install.mjs";
import { withLock } from "./lock.mjs";
import { root } from "./paths.mjs";
import { say } from "./say.mjs";

/**
 * Installs and compiles what is missing, one process at a time: a host and its plugin may both be started
 * by path in a fresh clone.
 *
 * @param projects folders with a tsconfig.json; default: the whole repository
 */
export async function prepare(projects) {
  const prepareAlone = async () => {
    await install(projects);
    await build(projects);
  };
  await withLock(join(root, ".prepare.lock"), prepareAlone, () => say("waiting for another build to end"));
}
