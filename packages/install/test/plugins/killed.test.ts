import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { filesBelow, output, Project, scratchFolder } from "./project.ts";

const scratch = await scratchFolder();
const long = (process.env["DRAWBAR_LONG"] ?? "") !== "";
const kills = long ? 200 : 16;
const installers = long ? 20 : 5;
// fixtures/installing.ts in one file with compiled code: it begins while it would still be loading its modules.
const program = fileURLToPath(new URL("../bundle/installing", import.meta.url));

function start(folder: string, rounds: number): ChildProcess {
  return spawn(process.execPath, [program, folder, String(rounds)], { stdio: ["ignore", "ignore", "pipe"] });
}

/** Whatever happened: the lock file is valid, what is installed is whole, and what is locked is installed. */
async function checkState(project: Project): Promise<void> {
  const plugins = project.plugins();
  const checked = await plugins.verify();
  assert.deepEqual(
    checked.filter(({ state }) => state !== "intact"),
    [],
    "what the lock file has is installed and whole",
  );
  // What was installed before its line in the lock file was written is whole too.
  const folders = new Set((await plugins.list()).map(({ folder }) => folder));
  for (const { name, version, program: path } of await plugins.list()) {
    assert.equal(await output(path), `${name} ${version}`);
  }
  for (const name of ["kv", "tree"]) {
    const versions = await readdir(join(project.root, name)).catch(() => []);
    for (const version of versions) {
      const places = await readdir(join(project.root, name, version));
      for (const place of places)
        assert.ok(folders.has(join(project.root, name, version, place)), "there is no half plugin");
    }
  }
}

it(`an install that is killed at ${kills} moments leaves the old state or the new`, async () => {
  const folder = join(scratch, "killed");
  const project = new Project(folder);
  for (let kill = 0; kill < kills; kill++) {
    const child = start(folder, 1000);
    const closed = once(child, "close");
    // From before its first step to many rounds later: a process is some 60 ms old when it begins.
    await delay(40 + Math.random() * 260);
    child.kill("SIGKILL");
    await closed;
    await checkState(project);
  }
  // Who unpacks sweeps; who finds all of it installed leaves that to the next.
  for (const name of ["kv", "tree"]) await rm(join(project.root, name), { recursive: true, force: true });
  const child = start(folder, 1);
  assert.deepEqual(await once(child, "close"), [0, null], "what dead processes left is in nobody's way");
  await checkState(project);
  const left = (await filesBelow(folder)).filter((path) =>
    /\.staging|root\/\.busy|mutex|lock\.json\./.test(path),
  );
  assert.deepEqual(left, [], "and is swept");
});

it(`${installers} processes that install the same at once all end well`, async () => {
  const folder = join(scratch, "together");
  const project = new Project(folder);
  const children = Array.from({ length: installers }, () => {
    const child = start(folder, long ? 10 : 3);
    let errors = "";
    child.stderr?.on("data", (chunk) => {
      errors += chunk;
    });
    return once(child, "close").then(([code]) => ({ code, errors }));
  });
  for (const ended of await Promise.all(children)) assert.deepEqual(ended, { code: 0, errors: "" });
  await checkState(project);
});
