import { checkFileLengths } from "./checks/file-lengths.mjs";
import { checkLayers } from "./checks/layers.mjs";
import { checkLinks } from "./checks/links.mjs";
import { checkPackages } from "./checks/packages.mjs";
import { hashOfSources, unlessPassed } from "./checks/passed.mjs";
import { checkStyle } from "./checks/style.mjs";
import { PlainError, say } from "./say.mjs";

const checks = [
  ["style", onceForSources(checkStyle)],
  ["file lengths", checkFileLengths],
  ["links in Markdown", checkLinks],
  ["layers", onceForSources(checkLayers)],
  ["packages as published", checkPackages],
];

/**
 * Runs every check on a compiled tree, all at once, and fails with what all of them found. Those that take long
 * are left out on what passed them last time.
 */
export async function check() {
  const sources = hashOfSources();
  const passed = await Promise.all(checks.map(([name, body]) => passes(name, () => body(sources))));
  const failures = checks.filter((_, index) => !passed[index]).map(([name]) => name);
  if (failures.length > 0) throw new PlainError(`checks failed: ${failures.join(", ")}`);
}

// For a check that fails by throwing, and looks at nothing but the repository's files.
function onceForSources(body) {
  return async (sources) =>
    unlessPassed(body.name, [await sources], async () => {
      await body();
      return true;
    });
}

async function passes(name, body) {
  const started = Date.now();
  try {
    const isUnchanged = await body();
    if (isUnchanged) say(`${name}: unchanged since it was checked`);
    else say(`checked ${name} in ${Date.now() - started} ms`);
    return true;
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    say(`checking ${name} found:\n${error.message}`);
    return false;
  }
}
