/**
 * Builds the foreign programs that drawbar is tested against (see conformance/peers/peers.mjs).
 *
 *   node scripts/peers.mjs                     all of them, in the recipes' order
 *   node scripts/peers.mjs h2spec …            these
 *   node scripts/peers.mjs --path NAME[/PROGRAM]   builds it if need be and prints its path
 *   node scripts/peers.mjs --list              names, programs and where they are in the cache
 */
import { existsSync } from "node:fs";
import { ensurePeer, ensureProgram, peerFolder } from "./lib/peers/cache.mjs";
import { peerNames, recipe } from "./lib/peers/recipes.mjs";
import { main, PlainError, say } from "./lib/say.mjs";

await main(async () => {
  const [first, ...rest] = process.argv.slice(2);
  if (first === "--path") return printPath(rest[0] ?? "");
  if (first === "--list") return list();
  await buildAll(first === undefined ? peerNames() : [first, ...rest]);
});

async function printPath(wanted) {
  const [name, program] = wanted.split("/");
  console.log(await ensureProgram(name, program));
}

async function list() {
  for (const name of peerNames()) {
    const folder = await peerFolder(name);
    const state = existsSync(folder) ? folder : "not built";
    console.log(`${name}: ${Object.keys(recipe(name).programs).join(", ")} (${state})`);
  }
}

// Go's compiler keeps the cores busy; what is fetched for the others need not wait for it.
async function buildAll(names) {
  const isGo = (name) => recipe(name).kind.startsWith("go-");
  const failed = await Promise.all([
    buildEach(names.filter(isGo)),
    buildEach(names.filter((name) => !isGo(name))),
  ]);
  if (failed.flat().length > 0) throw new PlainError(`peers: could not build ${failed.flat().join(", ")}`);
}

// One that fails does not keep the others from being built: its tests will say why.
async function buildEach(names) {
  const failed = [];
  for (const name of names) {
    try {
      await ensurePeer(name);
    } catch (error) {
      failed.push(name);
      say(`peers: ${name} failed\n${error.message}`);
    }
  }
  return failed;
}
