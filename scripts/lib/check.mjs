import { checkFileLengths } from "./checks/file-lengths.mjs";
import { checkLayers } from "./checks/layers.mjs";
import { checkLinks } from "./checks/links.mjs";
import { checkPackages } from "./checks/packages.mjs";
import { checkStyle } from "./checks/style.mjs";
import { PlainError, say } from "./say.mjs";

const checks = [
  ["style", checkStyle],
  ["file lengths", checkFileLengths],
  ["links in Markdown", checkLinks],
  ["layers", checkLayers],
  ["packages as published", checkPackages],
];

/** Runs every check on a compiled tree and fails with what all of them found. */
export async function check() {
  const failures = [];
  for (const [name, body] of checks) {
    const started = Date.now();
    try {
      await body();
      say(`checked ${name} in ${Date.now() - started} ms`);
    } catch (error) {
      if (!(error instanceof PlainError)) throw error;
      failures.push(name);
      say(`checking ${name} found:\n${error.message}`);
    }
  }
  if (failures.length > 0) throw new PlainError(`checks failed: ${failures.join(", ")}`);
}
