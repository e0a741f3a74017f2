import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { run } from "@drawbar/cli";
import { RecordingContext } from "./recording-context.ts";

const scratch = mkdtempSync(join(tmpdir(), "drawbar-cli-"));
after(() => rmSync(scratch, { recursive: true }));
let count = 0;

/** A project with programs of two versions in its folder `dist`, and the command line in it. */
function begin(): {
  folder: string;
  drawbar: (...args: string[]) => Promise<Ran>;
  atTerminal: typeof drawbarIn;
} {
  const folder = join(scratch, String(count++));
  mkdirSync(join(folder, "dist"), { recursive: true });
  for (const version of ["1.0.0", "1.1.0"]) {
    writeFileSync(join(folder, "dist", `kv_v${version}`), `#!/bin/sh\necho kv ${version}\n`);
  }
  return { folder, drawbar: (...args) => drawbarIn(folder, false, ...args), atTerminal: drawbarIn };
}

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function drawbarIn(folder: string, terminal: boolean, ...args: string[]): Promise<Ran> {
  const recording = new RecordingContext();
  const env = { DRAWBAR_PLUGIN_ROOT: join(folder, "root"), DRAWBAR_CACHE: join(folder, "cache") };
  const code = await run(args, { ...recording, cwd: folder, env, terminal });
  return { code, stdout: recording.stdout, stderr: recording.stderr };
}

describe("drawbar install and its kin", () => {
  it("install a plugin, list it, verify it and remove it", async () => {
    const { folder, drawbar } = begin();
    const installed = await drawbar("install", "kv", "./dist/kv_v1.0.0", "--version", "~> 1.0");
    assert.equal(installed.code, 0, installed.stderr);
    const [, , program = ""] = installed.stdout.trim().split(" ");
    assert.match(installed.stdout, /^kv 1\.0\.0 \//);
    assert.equal(execFileSync(program, { encoding: "utf8" }), "kv 1.0.0\n");
    assert.equal(
      installed.stderr,
      "kv: asking ./dist/kv_v1.0.0\nkv: fetching\nkv: unpacking\nkv: installed 1.0.0\n",
    );
    assert.equal((await drawbar("list")).stdout, `* kv 1.0.0 ${program}\n`);
    assert.deepEqual(await drawbar("verify"), { code: 0, stdout: "kv 1.0.0: as it should be\n", stderr: "" });
    assert.deepEqual(await drawbar("remove", "kv"), { code: 0, stdout: "kv 1.0.0 removed\n", stderr: "" });
    assert.equal((await drawbar("list", "--json")).stdout, "[]\n");
    assert.equal(
      readFileSync(join(folder, "drawbar.lock.json"), "utf8"),
      '{\n  "version": 1,\n  "plugins": {}\n}\n',
    );
  });

  it("say that there is nothing, to people", async () => {
    const { drawbar } = begin();
    const empty = "drawbar.lock.json has no plugins; install one: drawbar install NAME SOURCE\n";
    for (const command of ["install", "verify", "update"]) {
      assert.deepEqual(await drawbar(command), { code: 0, stdout: "", stderr: empty });
      assert.deepEqual(await drawbar(command, "--json"), { code: 0, stdout: "[]\n", stderr: "" });
    }
    assert.deepEqual(await drawbar("list"), { code: 0, stdout: "", stderr: "nothing is installed\n" });
  });

  it("print one JSON value each", async () => {
    const { drawbar } = begin();
    const [installed] = JSON.parse((await drawbar("install", "kv", "./dist/kv_v1.1.0", "--json")).stdout);
    assert.deepEqual([installed.name, installed.version], ["kv", "1.1.0"]);
    assert.equal(JSON.parse((await drawbar("list", "--json")).stdout)[0].locked, true);
    assert.equal(JSON.parse((await drawbar("verify", "--json")).stdout)[0].state, "intact");
    const [updated] = JSON.parse((await drawbar("update", "--json")).stdout);
    assert.deepEqual([updated.from, updated.plugin.version], ["1.1.0", "1.1.0"]);
    appendFileSync(installed.program, "#");
    const { code, stdout } = await drawbar("verify", "--json");
    assert.equal(code, 1);
    const { error } = JSON.parse(stdout);
    assert.deepEqual([error.code, error.facts.plugins[0].state], ["not-intact", "altered"]);
  });

  it("tell what verify finds, and install mends it", async () => {
    const { drawbar } = begin();
    const [, , program = ""] = (await drawbar("install", "kv", "./dist/kv_v1.0.0")).stdout.trim().split(" ");
    writeFileSync(program, "altered");
    const { code, stdout, stderr } = await drawbar("verify", "kv");
    assert.deepEqual([code, stdout], [1, "kv 1.0.0: its bytes were changed after it was installed\n"]);
    assert.match(stderr, /^drawbar: not as the lock file has them: kv; mend them with: drawbar install\n$/);
    assert.equal((await drawbar("install", "--frozen", "--offline")).code, 0);
    assert.equal((await drawbar("verify")).code, 0);
    assert.match((await drawbar("install", "--frozen")).stderr, /^kv: have 1\.0\.0\n$/);
  });

  it("draw a bar on a terminal, and leave nothing of it", async () => {
    const { folder, atTerminal } = begin();
    const { stderr, code } = await atTerminal(folder, true, "install", "kv", "./dist/kv_v1.0.0");
    assert.equal(code, 0);
    assert.ok(stderr.includes("\r\u001b[Kkv: fetching [########################] 100% of 0.0 MB"), stderr);
    assert.ok(stderr.endsWith("\r\u001b[K"));
    assert.ok(!stderr.includes("\n"));
  });

  it("say what is wrong, with 1 for what failed and 2 for a command line that cannot be", async () => {
    const { drawbar } = begin();
    const frozen = await drawbar("install", "kv", "./dist/kv_v1.0.0", "--frozen");
    assert.equal(frozen.code, 1);
    assert.match(
      frozen.stderr,
      /^drawbar: plugin kv cannot be installed as the lock file has it: it is not in there/,
    );
    assert.match(
      (await drawbar("install", "kv", "./dist/kv_v1.0.0", "--version", "~> 2.0")).stderr,
      /~> 2\.0 is wanted/,
    );
    assert.match((await drawbar("install", "kv", "./nowhere")).stderr, /there is nothing at/);
    assert.match((await drawbar("remove", "kv")).stderr, /neither in the lock file nor installed/);
    for (const command of ["verify", "update"]) {
      assert.match(
        (await drawbar(command, "kv")).stderr,
        /kv is not in .*drawbar\.lock\.json: install it first/,
      );
    }
    const unsigned = await drawbar("install", "kv", "./dist/kv_v1.0.0", "--require", "signature");
    assert.match(unsigned.stderr, /must be signed by a key that this host trusts/);
    const wrong = [
      ["install", "--version", "1"],
      ["install", "kv", "./dist/kv_v1.0.0", "--mirror", "nothing"],
      ["install", "kv", "./dist/kv_v1.0.0", "--require", "luck"],
      ["install", "kv", "./dist/kv_v1.0.0", "--key", "./nowhere.pub"],
      ["remove"],
      ["list", "kv", "--colour"],
    ];
    for (const args of wrong) assert.equal((await drawbar(...args)).code, 2, args.join(" "));
    const { error } = JSON.parse((await drawbar("install", "kv", "--json")).stdout);
    assert.equal(error.code, "not-locked");
  });

  it("have examples in their help", async () => {
    const { drawbar } = begin();
    for (const command of ["install", "list", "verify", "update", "remove"]) {
      const { code, stdout } = await drawbar(command, "--help");
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`Examples?:\\n {2}drawbar ${command}`));
    }
  });
});
