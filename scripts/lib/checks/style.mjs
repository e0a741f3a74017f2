import { tool } from "../paths.mjs";
import { run } from "../run.mjs";

/** Formatter and linter (biome.json); `npm run format` mends what can be mended. */
export async function checkStyle() {
  await run(tool("biome"), ["ci", "--colors=off", "--max-diagnostics=50", "."]);
}
