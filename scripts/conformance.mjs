/**
 * `npm run conformance`: tries everything that hosts and plugins do with each other against releases of go-plugin, and
 * writes what came out into docs/conformance.md. `npm test` fails where the document says something else.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "./lib/build.mjs";
import { install } from "./lib/install.mjs";
import { root } from "./lib/paths.mjs";
import { ensurePeer } from "./lib/peers/cache.mjs";
import { peerNames } from "./lib/peers/recipes.mjs";
import { passThrough } from "./lib/run.mjs";
import { main } from "./lib/say.mjs";

const matrix = "conformance/drawbar/matrix";
const compiled = "conformance/dist/drawbar/matrix";
const fileTimeoutMs = 10 * 60_000;

await main(async () => {
  await install();
  await build(["conformance/drawbar"]);
  for (const name of peerNames().filter((each) => /^goplugin-(grpc|netrpc)-/.test(each)))
    await ensurePeer(name);
  process.env["CONFORMANCE_WRITE"] = "1";
  const tables = readdirSync(join(root, matrix)).filter((name) => name.endsWith(".test.ts"));
  // One after the other: they write into one document.
  for (const table of tables) {
    const file = join(root, compiled, table.replace(/\.ts$/, ".js"));
    const code = await passThrough(process.execPath, ["scripts/lib/run-tests.mjs", `${fileTimeoutMs}`, file]);
    if (code !== 0) process.exitCode = code;
  }
});
