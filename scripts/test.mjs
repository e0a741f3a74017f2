/**
 * `npm test`: installs, compiles, checks and tests everything, and builds the foreign programs that the
 * conformance tests talk to. `npm test -- http2 grpc` tests these parts only, without the checks.
 */
import { spawn } from "node:child_process";
import { build } from "./lib/build.mjs";
import { check } from "./lib/check.mjs";
import { install } from "./lib/install.mjs";
import { joinUnitTests } from "./lib/join-unit-tests.mjs";
import { root } from "./lib/paths.mjs";
import { missingPeers } from "./lib/peers/cache.mjs";
import { peerNames, recipe } from "./lib/peers/recipes.mjs";
import { requireGo, requirePython } from "./lib/peers/toolchains.mjs";
import { passThrough } from "./lib/run.mjs";
import { main, PlainError, say } from "./lib/say.mjs";
import { chooseParts, testFiles } from "./lib/test-files.mjs";

// For one file, in which a test may wait until its peer is built: the first time that takes minutes.
const fileTimeoutMs = 4 * 60_000;
const firstFileTimeoutMs = 20 * 60_000;

await main(async () => {
  const names = process.argv.slice(2);
  const parts = chooseParts(names);
  const peers = peerNames(names.length === 0 ? undefined : names);
  await requireToolchains(peers);
  await install();
  const missing = await missingPeers(peers);
  const building = missing.length > 0 ? buildPeers(missing) : undefined;
  try {
    await build(names.length === 0 ? undefined : parts.flatMap((part) => part.projects));
    if (names.length === 0) await check();
    process.exitCode = await runTests(
      testFiles(parts),
      missing.length > 0 ? firstFileTimeoutMs : fileTimeoutMs,
    );
  } finally {
    building?.kill();
  }
});

// Now, and not after minutes of work.
async function requireToolchains(peers) {
  const kinds = peers.map((name) => recipe(name).kind);
  if (kinds.some((kind) => kind.startsWith("go-"))) await requireGo();
  if (kinds.includes("python-venv")) await requirePython();
}

// In the background and out of the tests' way: a test that needs a peer waits for it.
function buildPeers(peers) {
  say(`building ${peers.length} of the tests' peers in the background: ${peers.join(", ")}`);
  return spawn(process.execPath, ["scripts/peers.mjs", ...peers], { cwd: root, stdio: "inherit" });
}

async function runTests(files, timeoutMs) {
  if (files.length === 0) throw new PlainError("there are no tests in this part");
  say(`running ${files.length} test files`);
  const args = ["scripts/lib/run-tests.mjs", String(timeoutMs), ...joinUnitTests(files)];
  return passThrough(process.execPath, args);
}
