import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packAll } from "../pack.mjs";
import { PlainError } from "../say.mjs";
import { unlessPassed } from "./passed.mjs";

/**
 * Every published package as its users get it: publint and arethetypeswrong find nothing in its tarball. Resolves with
 * whether all were left out.
 */
export async function checkPackages() {
  const folder = mkdtempSync(join(tmpdir(), "drawbar-pack-"));
  try {
    const problems = [];
    let all = true;
    for (const each of await packAll(folder)) all = (await isUnchanged(each, problems)) && all;
    if (problems.length > 0) throw new PlainError(problems.join("\n"));
    return all;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// Else its problems are added.
async function isUnchanged({ name, tarball }, problems) {
  const content = new Uint8Array(readFileSync(tarball));
  return unlessPassed(`package ${name}`, [content, readFileSync(import.meta.filename)], async () => {
    const found = [...(await lint(name, content)), ...(await checkTypes(name, content))];
    problems.push(...found);
    return found.length === 0;
  });
}

async function lint(name, content) {
  const { publint } = await import("publint");
  const { formatMessage } = await import("publint/utils");
  const { messages, pkg } = await publint({ pack: { tarball: content.buffer }, strict: true });
  return messages.map((message) => `${name}: ${formatMessage(message, pkg, { color: false })}`);
}

// The packages are ES modules only: what old resolvers and require() would make of them is no problem.
const ignored = new Set(["node10", "node16-cjs"]);

async function checkTypes(name, content) {
  const { checkPackage, createPackageFromTarballData } = await import("@arethetypeswrong/core");
  const analysis = await checkPackage(createPackageFromTarballData(content));
  if (analysis.types === false) return [`${name}: has no types`];
  return analysis.problems
    .filter((problem) => !ignored.has(problem.resolutionKind))
    .map((problem) => `${name}: ${JSON.stringify(problem)}`);
}
