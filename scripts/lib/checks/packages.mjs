import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packAll } from "../pack.mjs";
import { PlainError } from "../say.mjs";

/** Every published package as its users get it: publint and arethetypeswrong find nothing in its tarball. */
export async function checkPackages() {
  const folder = mkdtempSync(join(tmpdir(), "drawbar-pack-"));
  try {
    const packages = await packAll(folder);
    const problems = [];
    for (const each of packages) problems.push(...(await lint(each)), ...(await checkTypes(each)));
    if (problems.length > 0) throw new PlainError(problems.join("\n"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function lint({ name, tarball }) {
  const { publint } = await import("publint");
  const { formatMessage } = await import("publint/utils");
  const { buffer } = new Uint8Array(readFileSync(tarball));
  const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true });
  return messages.map((message) => `${name}: ${formatMessage(message, pkg, { color: false })}`);
}

// The packages are ES modules only: what old resolvers and require() would make of them is no problem.
const ignored = new Set(["node10", "node16-cjs"]);

async function checkTypes({ name, tarball }) {
  const { checkPackage, createPackageFromTarballData } = await import("@arethetypeswrong/core");
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(tarball))));
  if (analysis.types === false) return [`${name}: has no types`];
  return analysis.problems
    .filter((problem) => !ignored.has(problem.resolutionKind))
    .map((problem) => `${name}: ${JSON.stringify(problem)}`);
}
