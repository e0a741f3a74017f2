import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { run } from "./run.mjs";
import { say } from "./say.mjs";

/**
 * Installs the dependencies unless node_modules holds exactly what package-lock.json asks for. No
 * dependency's install script is relied on: npm does not run them unasked.
 */
export async function install() {
  if (isCurrent()) return;
  say("installing dependencies");
  await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
}

// npm writes what it has installed into a lock file of node_modules' own, as the last thing it does.
function isCurrent() {
  const wanted = lockedPackages(join(root, "package-lock.json"));
  const present = lockedPackages(join(root, "node_modules", ".package-lock.json"));
  return Object.entries(wanted).every(([path, entry]) => {
    const isInstalled = path.startsWith("node_modules/") && !entry.optional;
    if (!isInstalled) return true;
    const found = present[path];
    return found?.version === entry.version && found?.resolved === entry.resolved;
  });
}

function lockedPackages(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages;
  } catch {
    return {};
  }
}
