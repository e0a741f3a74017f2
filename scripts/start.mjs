/**
 * `npm start`: installs and compiles what is missing, then runs the key/value example's demonstration.
 * `npm start -- put KEY VALUE` and `npm start -- get KEY` use the example as a tool, in the folder that
 * npm was called from. `npm start -- ca` shows a service mesh whose certificate authorities are plugins.
 * stdout carries only what the example writes.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lib/paths.mjs";
import { programPath } from "./lib/peers/builders.mjs";
import { peerFolder } from "./lib/peers/cache.mjs";
import { recipe } from "./lib/peers/recipes.mjs";
import { prepare } from "./lib/prepare.mjs";
import { passThrough } from "./lib/run.mjs";
import { main } from "./lib/say.mjs";

await main(async () => {
  const args = process.argv.slice(2);
  const example = args[0] === "ca" ? "mesh" : "kv";
  const program = args.length === 0 || example === "mesh" ? "demo.js" : "host.js";
  await prepare([`examples/${example}`]);
  const file = join(root, "examples", example, "dist", program);
  const cwd = process.env.INIT_CWD ?? process.cwd();
  const env = { ...process.env, ...(example === "mesh" ? await builtVault() : {}) };
  // After Ctrl-C the example puts away what it started: this waits for it.
  process.on("SIGINT", () => {});
  process.exitCode = await passThrough(process.execPath, [file, ...args], { cwd, env });
});

// The Vault that the tests have built, if they have, for whoever names no other.
async function builtVault() {
  if (process.env.VAULT_BIN !== undefined || process.env.CA_VAULT_ADDR !== undefined) return {};
  const name = "vault-1.21.2";
  // Which build it is depends on Go's version: without Go there is none.
  const folder = await peerFolder(name).catch(() => "");
  const path = join(folder, programPath(recipe(name), name));
  return existsSync(path) ? { VAULT_BIN: path } : {};
}
