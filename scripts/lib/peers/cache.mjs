import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { withLock } from "../lock.mjs";
import { peerCache } from "../paths.mjs";
import { PlainError, say } from "../say.mjs";
import { builders, programPath } from "./builders.mjs";
import { fingerprint } from "./fingerprint.mjs";
import { recipe as recipeOf } from "./recipes.mjs";

/** The folder a peer is or will be built in. */
export async function peerFolder(name) {
  const recipe = recipeOf(name);
  return join(peerCache, `${name}-${await fingerprint(recipe)}`);
}

/** Those of the given peers that are not in the cache. */
export async function missingPeers(names) {
  const folders = await Promise.all(names.map(peerFolder));
  return names.filter((_, index) => !existsSync(folders[index]));
}

/** Builds a peer unless it is in the cache; resolves with its folder. */
export async function ensurePeer(name) {
  const recipe = recipeOf(name);
  const folder = await peerFolder(name);
  if (existsSync(folder)) return folder;
  await withLock(`${folder}.lock`, async () => {
    // One compiler at a time: two would fight for the same cores and memory and win nothing.
    const buildLock = join(peerCache, recipe.kind.startsWith("go-") ? "go.lock" : `${recipe.kind}.lock`);
    if (!existsSync(folder)) await withLock(buildLock, () => build(recipe, folder));
  });
  return folder;
}

/** The path of one of a peer's programs, which may be left out where there is only one. */
export async function ensureProgram(name, program) {
  const { programs } = recipeOf(name);
  const known = Object.keys(programs);
  const wanted = program ?? (known.length === 1 ? known[0] : undefined);
  if (wanted === undefined || !known.includes(wanted)) {
    throw new PlainError(
      `peer ${name} has the programs ${known.join(", ")}, not ${program ?? "a single one"}`,
    );
  }
  return join(await ensurePeer(name), programPath(recipeOf(name), wanted));
}

async function build(recipe, folder) {
  const started = Date.now();
  say(`peers: building ${recipe.name}`);
  mkdirSync(peerCache, { recursive: true });
  removeLeftOvers(folder);
  const target = mkdtempSync(`${folder}.tmp-`);
  try {
    await builders[recipe.kind](recipe, target);
    rmSync(join(target, "source"), { recursive: true, force: true });
    if (!existsSync(folder)) renameSync(target, folder);
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
  say(`peers: built ${recipe.name} in ${Math.round((Date.now() - started) / 1000)} s`);
}

// What a build that was killed left behind. Under the lock nobody else is building here.
function removeLeftOvers(folder) {
  const prefix = `${basename(folder)}.tmp-`;
  for (const entry of readdirSync(peerCache)) {
    if (entry.startsWith(prefix)) rmSync(join(peerCache, entry), { recursive: true, force: true });
  }
}
