import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { run } from "./run.mjs";
import { say } from "./say.mjs";

/**
 * Has `drawbar build` make the files that the benchmark launches, in bench/bundle/installed. Node takes 10 ms longer to
 * start a file in a package of ES modules, as bench/ is one; where plugins are installed is none.
 */
export async function buildBenchPlugins() {
  const folder = join(root, "bench", "bundle", "installed");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "commonjs" }\n');
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
