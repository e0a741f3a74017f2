/** `npm run bench`: measures drawbar and its peers in one run and prints the ratios; `-- --help` says more. */
import { join } from "node:path";
import { benchOptions, benchUsage, checkOnly } from "./lib/bench-options.mjs";
import { buildBenchPlugins } from "./lib/bench-plugins.mjs";
import { build } from "./lib/build.mjs";
import { install } from "./lib/install.mjs";
import { root } from "./lib/paths.mjs";
import { ensureProgram } from "./lib/peers/cache.mjs";
import { passThrough } from "./lib/run.mjs";
import { main } from "./lib/say.mjs";

await main(async () => {
  const args = process.argv.slice(2);
  const options = benchOptions(args);
  if (options.help) return console.log(benchUsage);
  await install();
  await build(["bench", "packages/cli"]);
  const { figureNames } = await import(join(root, "bench", "dist", "measurements.js"));
  checkOnly(options, figureNames(options.quick));
  await buildBenchPlugins();
  const go = await ensureProgram("bench");
  const consul = await ensureProgram("consul-1.6.10");
  const program = ["bench/dist/run.js", `--go=${go}`, `--consul=${consul}`, ...args];
  process.exitCode = await passThrough(process.execPath, program);
});
