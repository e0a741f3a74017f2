/**
 * `npm run bench`: measures drawbar and its peers in one run and prints the ratios. `-- --quick` takes
 * less than 50 seconds, `-- --json` ends with one line of JSON, `-- --only TEXT` measures the figures
 * whose names contain TEXT. Let nothing else run meanwhile.
 */
import { join } from "node:path";
import { build } from "./lib/build.mjs";
import { bundleProgram } from "./lib/bundle.mjs";
import { install } from "./lib/install.mjs";
import { root } from "./lib/paths.mjs";
import { ensureProgram } from "./lib/peers/cache.mjs";
import { passThrough } from "./lib/run.mjs";
import { main } from "./lib/say.mjs";

await main(async () => {
  await install();
  await build(["bench"]);
  await bundleProgram("bench/dist/contenders/drawbar-plugin.js", join(root, "bench", "bundle"));
  const go = await ensureProgram("bench");
  const consul = await ensureProgram("consul-1.6.10");
  process.exitCode = await passThrough(process.execPath, [
    "bench/dist/run.js",
    `--go=${go}`,
    `--consul=${consul}`,
    ...process.argv.slice(2),
  ]);
});
