/**
 * `npm start`: installs and compiles what is missing, then runs the key/value example's demonstration.
 * `npm start -- put KEY VALUE` and `npm start -- get KEY` use the example as a tool, in the folder that
 * npm was called from. stdout carries only what the example writes.
 */

import { join } from "node:path";
import { root } from "./lib/paths.mjs";
import { prepare } from "./lib/prepare.mjs";
import { passThrough } from "./lib/run.mjs";
import { main } from "./lib/say.mjs";

await main(async () => {
  const args = process.argv.slice(2);
  const program = args.length === 0 ? "demo.js" : "host.js";
  await prepare(["examples/kv"]);
  const file = join(root, "examples", "kv", "dist", program);
  const cwd = process.env.INIT_CWD ?? process.cwd();
  process.exitCode = await passThrough(process.execPath, [file, ...args], { cwd });
});
