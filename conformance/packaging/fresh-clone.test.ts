import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

// From conformance/dist/packaging, where this file runs.
const root = fileURLToPath(new URL("../../../", import.meta.url));
const run = promisify(execFile);

/** The repository as somebody gets it who clones it: what git has, or would have, and nothing built. */
function clone(): string {
  const folder = mkdtempSync(join(tmpdir(), "drawbar-clone-"));
  const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const listed = execFileSync("git", list, { cwd: root, encoding: "utf8" }).split("\0").slice(0, -1);
  const files = listed.filter((path) => existsSync(join(root, path)));
  for (const each of new Set(files.map(dirname))) mkdirSync(join(folder, each), { recursive: true });
  for (const file of files) copyFileSync(join(root, file), join(folder, file));
  return folder;
}

describe("a fresh clone, with nothing installed or built", () => {
  let folder = "";
  const elsewhere = mkdtempSync(join(tmpdir(), "drawbar-elsewhere-"));
  // From npm's cache where it has what is needed: this is no test of the network.
  const env = { ...process.env, npm_config_prefer_offline: "true", npm_config_loglevel: "error" };
  before(() => {
    folder = clone();
  });
  after(() => {
    rmSync(folder, { recursive: true });
    rmSync(elsewhere, { recursive: true });
  });

  it("two of the example's programs that are the first to run build it once, and print what they should", async () => {
    const host = join(folder, "examples/kv/host");
    const options = { cwd: elsewhere, env };
    const stored = await Promise.all([
      run(host, ["put", "one", "first"], options),
      run(host, ["put", "two", "second"], options),
    ]);
    assert.deepEqual(
      stored.map(({ stdout }) => stdout),
      ["", ""],
    );
    const { stdout } = await run(host, ["get", "two"], options);
    assert.match(stdout, /^second\n/);
    assert.match(readFileSync(join(elsewhere, "kv_one"), "utf8"), /^first\n/);
  });

  it("`npm start` runs the demonstration: a value comes back, and a crash is told", async () => {
    const { stdout } = await run("npm", ["start", "--silent"], { cwd: folder, env });
    assert.match(stdout, /world/);
    assert.match(stdout, /the disk is on fire/);
  });

  it("`npm start` is a tool that works in the folder it is called from", async () => {
    const npm = ["--prefix", folder, "start", "--silent", "--"];
    await run("npm", [...npm, "put", "three", "third"], { cwd: elsewhere, env });
    const { stdout } = await run("npm", [...npm, "get", "three"], { cwd: elsewhere, env });
    assert.match(stdout, /^third\n/);
    assert.ok(existsSync(join(elsewhere, "kv_three")), "the value lies where npm was called");
  });
});
