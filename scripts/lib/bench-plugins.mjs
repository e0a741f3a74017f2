import { rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { run } from "./run.mjs";
import { say } from "./say.mjs";

/** Has `drawbar build` make the files that the benchmark launches, in bench/bundle. */
export async function buildBenchPlugins() {
  const folder = join(root, "bench", "bundle");
  rmSync(folder, { recursive: true, force: true });
  const entry = "bench/dist/contenders/drawbar-plugin.js";
  for (const [name, ...flags] of [
    ["plugin"],
    ["plugin-uncompiled", "--no-code-cache"],
    ["plugin-trained", "--train"],
  ]) {
    const args = ["build", entry, "--out", join(folder, name), ...flags];
    say((await run(process.execPath, ["packages/cli/bundle/bin/drawbar.js", ...args])).trimEnd());
  }
}
