import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { readIfThere } from "./read-if-there.mjs";
import { run } from "./run.mjs";
import { say } from "./say.mjs";

const lockFile = join(root, "package-lock.json");
// Which package-lock.json this script installed last, and, by npm itself, what is installed.
const stampFile = join(root, "node_modules", ".drawbar-installed");
const installedFile = join(root, "node_modules", ".package-lock.json");

/**
 * Installs the dependencies unless node_modules holds what package-lock.json asks for. No dependency's
 * install script is relied on: npm does not run them unasked.
 *
 * @param projects folders that are to be compiled: for examples alone, what checks and tests need is left out,
 *   which is two thirds. Default: the whole repository
 */
export async function install(projects = ["."]) {
  const whole = createHash("sha256").update(readFileSync(lockFile)).digest("hex");
  const part = projects.every((path) => path.startsWith("examples/")) ? `${whole} for examples` : whole;
  const installed = readIfThere(stampFile)?.toString();
  if (installed === whole || installed === part || isInstalled()) return;
  say("installing dependencies");
  const only = part === whole ? [] : ["--omit=dev", "--include-workspace-root", "--workspace=examples"];
  // The lock file has each package's hash: it need not be asked for again.
  await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", ...only]);
  writeFileSync(stampFile, part);
}

// True after somebody ran `npm install` by hand.
function isInstalled() {
  const wanted = JSON.parse(readFileSync(lockFile, "utf8")).packages;
  const present = JSON.parse(readIfThere(installedFile) ?? "{}").packages ?? {};
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith("node_modules/") || entry.optional) return true;
    const found = present[path];
    return found?.version === entry.version && found?.resolved === entry.resolved;
  });
}
