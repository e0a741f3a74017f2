import { existsSync } from "node:fs";
import { join } from "node:path";
import { root, tool } from "../paths.mjs";
import { run } from "../run.mjs";

const folders = ["packages", "examples", "conformance", "bench"];

/** Which package may import which, and node's modules where (config/layers.cjs). */
export async function checkLayers() {
  const present = folders.filter((folder) => existsSync(join(root, folder)));
  await run(tool("depcruise"), ["--config", "config/layers.cjs", ...present]);
}
