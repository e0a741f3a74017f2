import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "./bundle.mjs";
import { root, tool } from "./paths.mjs";
import { run } from "./run.mjs";
import { say } from "./say.mjs";
import { buildTestPlugins, testPluginTools } from "./test-plugins.mjs";

/**
 * Compiles TypeScript projects and what they stand on, and bundles the packages; only what changed is
 * compiled again.
 *
 * @param projects folders with a tsconfig.json; default: the whole repository
 */
export async function build(projects = ["."]) {
  const started = Date.now();
  for (const name of readdirSync(join(root, "packages"))) pruneCompiled(join(root, "packages", name));
  await run(tool("tsc"), ["-b", ...projects, ...testPluginTools(projects)]);
  say(`compiled ${projects.join(", ").replace(/^\.$/, "everything")} in ${Date.now() - started} ms`);
  await bundle();
  await buildTestPlugins(projects);
}

// The compiler leaves the output of sources that are gone, and a package would be published with it.
function pruneCompiled(folder) {
  const dist = join(folder, "dist");
  if (!existsSync(dist)) return;
  for (const entry of readdirSync(dist, { recursive: true })) {
    const match = /^(.*)\.(js|d\.ts)(\.map)?$/.exec(entry);
    if (match !== null && !existsSync(join(folder, "src", `${match[1]}.ts`))) rmSync(join(dist, entry));
  }
}
