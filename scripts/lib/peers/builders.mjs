import { cpSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { run } from "../run.mjs";
import { sourceFolders } from "./recipes.mjs";
import { goEnv } from "./toolchains.mjs";

const timeoutMs = 20 * 60_000;
const goFlags = ["-trimpath", "-buildvcs=false", "-ldflags=-s -w"];

/** By kind: makes the peer in `folder`, which is empty, so that `programPath` finds its programs. */
export const builders = {
  "go-module": buildGoModule,
  "go-install": installGoPrograms,
  "python-venv": makeVenv,
  npm: installPackages,
};

/** Where a peer's program lies within its folder. */
export function programPath(recipe, program) {
  if (recipe.kind.startsWith("go-")) return join("bin", program);
  return recipe.programs[program];
}

async function buildGoModule(recipe, folder) {
  // In a copy: a build may not touch the repository, not even go.sum.
  const source = join(folder, "source");
  for (const from of sourceFolders(recipe)) cpSync(from, source, { recursive: true });
  for (const [program, path] of Object.entries(recipe.programs)) {
    const args = ["build", ...goFlags, "-o", join(folder, "bin", program), path];
    await run("go", args, { cwd: source, env: goEnv, timeoutMs });
  }
}

async function installGoPrograms(recipe, folder) {
  // One by one: two programs of a module may have the same last path element.
  for (const [program, path] of Object.entries(recipe.programs)) {
    const target = join(folder, "install");
    const args = ["install", ...goFlags, `${recipe.module}/${path}@${recipe.version}`];
    const env = { ...goEnv, GOFLAGS: "", GOBIN: target };
    await run("go", args, { cwd: folder, env, timeoutMs });
    mkdirSync(join(folder, "bin"), { recursive: true });
    renameSync(join(target, basename(path)), join(folder, "bin", program));
  }
}

async function makeVenv(recipe, folder) {
  await run("python3", ["-m", "venv", folder], { timeoutMs });
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
  await run(join(folder, "bin", "python"), [...pip, ...recipe.requirements], { timeoutMs });
}

async function installPackages(recipe, folder) {
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  const args = ["install", "--no-audit", "--no-fund", "--loglevel=error", ...recipe.packages];
  await run("npm", args, { cwd: folder, timeoutMs });
}
